/** Takes the geometry out of a tool object. What is left over when no key is known is an unknown geometry under its own key. */
export function readGeometry(tool: any): {
    kind: string;
    x: any;
    y: any;
    width: any;
    height: any;
} | {
    kind: string;
    corners: number[];
    width: number;
    height: number;
    rotation: number;
} | {
    kind: string;
    path: number[];
} | {
    kind: string;
    zones: {
        region: number[];
        holes: number[][];
    }[];
} | {
    kind: string;
    x: number;
    y: number;
} | {
    kind: string;
    start: number;
    end: number;
    selection: string;
} | {
    kind: string;
    pageNumber: number;
    bounds: {
        x1: any;
        y1: any;
        x2: any;
        y2: any;
        pageWidth: any;
        pageHeight: any;
    };
    parts: {
        x1: any;
        y1: any;
        x2: any;
        y2: any;
        pageWidth: any;
        pageHeight: any;
    }[];
    text: string;
} | {
    kind: string;
    json?: undefined;
} | {
    kind: string;
    json: string;
};
