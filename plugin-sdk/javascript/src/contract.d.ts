// Written by scripts/generate.mjs from wit/0.1/converter.wit. Do not edit.

/** A position in pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An axis-aligned box by its top-left corner. The host normalises it: `width` and `height` are never negative. */
export interface BoundingBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A rotated box. `corners` (eight numbers) run top-left, bottom-left, bottom-right, top-right of the unrotated box and are authoritative;
 * `rotation` is in degrees, positive clockwise on screen.
 */
export interface RotatedBox {
  readonly corners: Float64Array;
  readonly width: number;
  readonly height: number;
  readonly rotation: number;
}

/** One region of a segmentation and the rings cut out of it. Rings are open: the first point is not repeated at the end. */
export interface Zone {
  readonly region: Float64Array;
  readonly holes: readonly Float64Array[];
}

/** A span of text (character offsets into the asset's text, `end` exclusive) or of audio (seconds). */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly selection: string | null;
}

/** A rectangle on a PDF page, in the units of the rendered page whose size is given. */
export interface PdfRectangle {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  readonly pageWidth: number;
  readonly pageHeight: number;
}

/**
 * An area of a PDF page; `pageNumber` counts from 1 (unlike `page` elsewhere). `parts` holds one rectangle per token of highlighted text
 * and is empty for a drawn area.
 */
export interface PdfArea {
  readonly pageNumber: number;
  readonly bounds: PdfRectangle;
  readonly parts: readonly PdfRectangle[];
  readonly text: string | null;
}

/** Where an annotated object is. */
export type Geometry =
  | ({ readonly kind: 'bounding-box' } & BoundingBox)
  | ({ readonly kind: 'rotated-bounding-box' } & RotatedBox)
  /** An open ring, in click order. */
  | { readonly kind: 'polygon'; readonly path: Float64Array }
  | { readonly kind: 'polyline'; readonly path: Float64Array }
  /** The union of its zones. */
  | { readonly kind: 'segmentation'; readonly zones: readonly Zone[] }
  | ({ readonly kind: 'point' } & Point)
  | { readonly kind: 'spline'; readonly path: Float64Array }
  | ({ readonly kind: 'ner' } & Span)
  | ({ readonly kind: 'pdf' } & PdfArea)
  /** The object's shape is in the task's voxel brush volume, under the label value equal to its `schemaId`. */
  | { readonly kind: 'medical-brush' }
  /** A geometry that this version does not type: `{"key": value}` as JSON. */
  | { readonly kind: 'other'; readonly json: string };

/** What was answered to a classification. */
export type Answer =
  /** Not answered. */
  | null
  /** A text, or the one option that was chosen. */
  | string
  /** The options that were chosen; for a tree, whole paths joined with " / ". */
  | readonly string[]
  | boolean
  | number
  /** An answer that this version does not type, as JSON. */
  | OtherAnswer;

/** An answer that this version does not type, as JSON. */
export interface OtherAnswer {
  readonly json: string;
}

/**
 * Who made or changed something, when, and in which stage (id). Present when the export carries annotation metadata; a segmentation never
 * has it.
 */
export interface Provenance {
  readonly createdAt: number | null;
  readonly createdBy: string | null;
  readonly createdIn: string | null;
  readonly updatedAt: number | null;
  readonly updatedBy: string | null;
  readonly updatedIn: string | null;
}

/**
 * An answered question. WIT has no recursive types: nested questions follow their parent in the same list (pre-order), and `parent` is the
 * parent's position in that list.
 */
export interface Classification {
  readonly objectId: string;
  readonly schemaId: string;
  readonly title: string;
  /** `radio`, `checkbox`, `text`, `single-dropdown`, `multi-dropdown`, `tree-dropdown`, ... */
  readonly kind: string;
  readonly answer: Answer;
  readonly parent: number | null;
  /** Page or frame, from 0. */
  readonly page: number | null;
  /** Video: from this frame on the answer no longer holds. */
  readonly interpolationStopped: boolean;
  readonly provenance: Provenance | null;
}

/** One drawn object. In video the same `objectId` recurs over frames: it is the track. */
export interface DrawnObject {
  readonly objectId: string;
  readonly schemaId: string;
  readonly title: string;
  readonly geometry: Geometry;
  /**
   * Page or frame, from 0. Of a video, an object is there once for each frame, frames between key frames included, unless the export is of key
   * frames only; `objectId` is the track.
   */
  readonly page: number | null;
  /** Video: from this frame on the object is gone; the geometry is a repeat. */
  readonly interpolationStopped: boolean;
  /** Text read inside the box by Hub's OCR. */
  readonly ocr: string | null;
  readonly provenance: Provenance | null;
  readonly classifications: readonly Classification[];
  /** Keys that this version does not type, as a JSON object. */
  readonly extra: string | null;
}

/** How a relation between two objects is drawn: from the first to the second, from the second to the first, or both ways. */
export type Direction = 'straight' | 'reverse' | 'bidirectional';

/** A relation between two objects, by object id: `source` was clicked first. */
export interface Pair {
  readonly source: string;
  readonly target: string;
  readonly direction: Direction;
}

/** Which objects a relation joins, by object id. A relation from one object to many is a group that begins with the one. */
export type RelationMembers =
  | ({ readonly kind: 'pair' } & Pair)
  | { readonly kind: 'group'; readonly members: readonly string[] };

/** A relation between objects. A member may no longer exist. */
export interface Relation {
  readonly objectId: string;
  readonly schemaId: string;
  readonly title: string;
  readonly members: RelationMembers;
  readonly page: number | null;
}

/**
 * Everything annotated on a task in one stage. `brush` and `voxelBrush` are links to a mask image and a label volume; open them through
 * `assets`.
 */
export interface Annotations {
  readonly objects: readonly DrawnObject[];
  readonly classifications: readonly Classification[];
  readonly relations: readonly Relation[];
  readonly brush: string | null;
  readonly voxelBrush: string | null;
}

/** One pass of the task through a stage. A stage can occur several times, after a requeue. */
export interface StageVisit {
  readonly stage: string;
  readonly stageId: string | null;
  readonly durationMs: number;
  readonly completedAt: number | null;
  readonly completedBy: string | null;
  readonly reviewStatus: string | null;
  readonly annotations: Annotations;
}

/** What was annotated. */
export interface Asset {
  /** Where the asset is; of a multi-page asset, its first page. Often a signed link that expires. */
  readonly url: string;
  readonly assetId: string | null;
  /** The name given at import. Free text: not unique, and not safe as a file name. */
  readonly externalId: string;
  /**
   * A relative path for files made from this asset, with `/` between folders: derived from `externalId`, safe on every system, and unique in
   * the export, also when case is ignored or the extension is cut off. The same whichever shard holds the task.
   */
  readonly fileName: string;
  /** Page URLs of a multi-page asset, else empty. */
  readonly pages: readonly string[];
  /** Batch names. */
  readonly batches: readonly string[];
  /** Size in pixels; absent when Hub never measured the file (see `assets.size`). */
  readonly width: number | null;
  readonly height: number | null;
  /** Video: how many frames, and how many a second. */
  readonly frameCount: number | null;
  readonly frameRate: number | null;
  /** Free key/value data given at import, as a JSON object. */
  readonly contextData: string | null;
  /** Keys that this version does not type, as a JSON object. */
  readonly extra: string | null;
}

/** One task of the export. */
export interface Task {
  /** Position in the export, from 0; the same whichever shard holds the task. */
  readonly index: number;
  /** How many objects all earlier tasks of the export hold. With it, ids can be unique over the whole export in every shard. */
  readonly objectOffset: number;
  readonly taskId: string;
  readonly stage: string;
  readonly stageId: string | null;
  readonly updatedAt: number | null;
  readonly updatedBy: string | null;
  /** Active time over all stages. */
  readonly totalDurationMs: number;
  readonly asset: Asset;
  readonly annotations: Annotations;
  /** Oldest first. Empty unless the plugin asked for it in `describe` and the export carries it. */
  readonly history: readonly StageVisit[];
  /** Keys that this version does not type, as a JSON object. */
  readonly extra: string | null;
}

/** A class of the ontology. */
export interface Class {
  /**
   * Position in its list (tools, classifications or relations), from 0: the stable class id. Lists are in project order; questions nested in
   * others or in tools follow the outer questions.
   */
  readonly index: number;
  readonly schemaId: string;
  readonly title: string;
  /** The tool or the kind of classification, as in the export (`bounding-box`, `radio`, ...). */
  readonly kind: string;
  /** `#rrggbb`. */
  readonly color: string | null;
  /** What can be chosen, of a classification. */
  readonly options: readonly string[];
  /** `schemaId` of the class that this one is nested in. */
  readonly parent: string | null;
}

/** What is known of the project before the first task. */
export interface Project {
  readonly name: string;
  /** When the export was taken: the only clock a plugin should write down. Absent when nobody knows. */
  readonly exportedAt: number | null;
  readonly tools: readonly Class[];
  readonly classifications: readonly Class[];
  readonly relations: readonly Class[];
  readonly stages: readonly string[];
  readonly batches: readonly string[];
  /** How many tasks the whole export holds, where known. */
  readonly taskCount: number | null;
}
