/** The types of the contract: a name, or a list or an option of a type. */
export const SCHEMA: {
    point: {
        record: string[][];
        isNumeric: boolean;
    };
    "bounding-box": {
        record: string[][];
        isNumeric: boolean;
    };
    "rotated-box": {
        record: (string | {
            list: string;
        })[][];
    };
    zone: {
        record: ((string | {
            list: string;
        })[] | (string | {
            list: {
                list: string;
            };
        })[])[];
    };
    span: {
        record: (string | {
            option: string;
        })[][];
    };
    "pdf-rectangle": {
        record: string[][];
        isNumeric: boolean;
    };
    "pdf-area": {
        record: ((string | {
            list: string;
        })[] | (string | {
            option: string;
        })[])[];
    };
    geometry: {
        cases: ({
            kind: string;
            payload: string;
            field?: undefined;
        } | {
            kind: string;
            payload: {
                list: string;
            };
            field: string;
        } | {
            kind: string;
            payload?: undefined;
            field?: undefined;
        } | {
            kind: string;
            payload: string;
            field: string;
        })[];
    };
    answer: {
        cases: ({
            kind: string;
            payload?: undefined;
            field?: undefined;
        } | {
            kind: string;
            payload: string;
            field?: undefined;
        } | {
            kind: string;
            payload: {
                list: string;
            };
            field?: undefined;
        } | {
            kind: string;
            payload: string;
            field: string;
        })[];
    };
    provenance: {
        record: (string | {
            option: string;
        })[][];
    };
    classification: {
        record: (string | {
            option: string;
        })[][];
    };
    object: {
        record: ((string | {
            option: string;
        })[] | (string | {
            list: string;
        })[])[];
    };
    direction: {
        enum: string[];
    };
    pair: {
        record: string[][];
    };
    "relation-members": {
        cases: ({
            kind: string;
            payload: string;
            field?: undefined;
        } | {
            kind: string;
            payload: {
                list: string;
            };
            field: string;
        })[];
    };
    relation: {
        record: (string | {
            option: string;
        })[][];
    };
    annotations: {
        record: ((string | {
            list: string;
        })[] | (string | {
            option: string;
        })[])[];
    };
    "stage-visit": {
        record: (string | {
            option: string;
        })[][];
    };
    asset: {
        record: ((string | {
            option: string;
        })[] | (string | {
            list: string;
        })[])[];
    };
    task: {
        record: ((string | {
            option: string;
        })[] | (string | {
            list: string;
        })[])[];
    };
    class: {
        record: ((string | {
            option: string;
        })[] | (string | {
            list: string;
        })[])[];
    };
    project: {
        record: ((string | {
            option: string;
        })[] | (string | {
            list: string;
        })[])[];
    };
};
