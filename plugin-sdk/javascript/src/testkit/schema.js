// Written by scripts/generate.mjs from wit/0.1/converter.wit. Do not edit.

/** The types of the contract: a name, or a list or an option of a type. */
export const SCHEMA = {
  "point": {
    "record": [
      [
        "x",
        "f64"
      ],
      [
        "y",
        "f64"
      ]
    ],
    "isNumeric": true
  },
  "bounding-box": {
    "record": [
      [
        "x",
        "f64"
      ],
      [
        "y",
        "f64"
      ],
      [
        "width",
        "f64"
      ],
      [
        "height",
        "f64"
      ]
    ],
    "isNumeric": true
  },
  "rotated-box": {
    "record": [
      [
        "corners",
        {
          "list": "f64"
        }
      ],
      [
        "width",
        "f64"
      ],
      [
        "height",
        "f64"
      ],
      [
        "rotation",
        "f64"
      ]
    ]
  },
  "zone": {
    "record": [
      [
        "region",
        {
          "list": "f64"
        }
      ],
      [
        "holes",
        {
          "list": {
            "list": "f64"
          }
        }
      ]
    ]
  },
  "span": {
    "record": [
      [
        "start",
        "f64"
      ],
      [
        "end",
        "f64"
      ],
      [
        "selection",
        {
          "option": "string"
        }
      ]
    ]
  },
  "pdf-rectangle": {
    "record": [
      [
        "x1",
        "f64"
      ],
      [
        "y1",
        "f64"
      ],
      [
        "x2",
        "f64"
      ],
      [
        "y2",
        "f64"
      ],
      [
        "pageWidth",
        "f64"
      ],
      [
        "pageHeight",
        "f64"
      ]
    ],
    "isNumeric": true
  },
  "pdf-area": {
    "record": [
      [
        "pageNumber",
        "integer"
      ],
      [
        "bounds",
        "pdf-rectangle"
      ],
      [
        "parts",
        {
          "list": "pdf-rectangle"
        }
      ],
      [
        "text",
        {
          "option": "string"
        }
      ]
    ]
  },
  "geometry": {
    "cases": [
      {
        "kind": "bounding-box",
        "payload": "bounding-box"
      },
      {
        "kind": "rotated-bounding-box",
        "payload": "rotated-box"
      },
      {
        "kind": "polygon",
        "payload": {
          "list": "f64"
        },
        "field": "path"
      },
      {
        "kind": "polyline",
        "payload": {
          "list": "f64"
        },
        "field": "path"
      },
      {
        "kind": "segmentation",
        "payload": {
          "list": "zone"
        },
        "field": "zones"
      },
      {
        "kind": "point",
        "payload": "point"
      },
      {
        "kind": "spline",
        "payload": {
          "list": "f64"
        },
        "field": "path"
      },
      {
        "kind": "ner",
        "payload": "span"
      },
      {
        "kind": "pdf",
        "payload": "pdf-area"
      },
      {
        "kind": "medical-brush"
      },
      {
        "kind": "other",
        "payload": "string",
        "field": "json"
      }
    ]
  },
  "answer": {
    "cases": [
      {
        "kind": "empty"
      },
      {
        "kind": "text",
        "payload": "string"
      },
      {
        "kind": "choices",
        "payload": {
          "list": "string"
        }
      },
      {
        "kind": "flag",
        "payload": "bool"
      },
      {
        "kind": "number",
        "payload": "f64"
      },
      {
        "kind": "other",
        "payload": "string",
        "field": "json"
      }
    ]
  },
  "provenance": {
    "record": [
      [
        "createdAt",
        {
          "option": "integer"
        }
      ],
      [
        "createdBy",
        {
          "option": "string"
        }
      ],
      [
        "createdIn",
        {
          "option": "string"
        }
      ],
      [
        "updatedAt",
        {
          "option": "integer"
        }
      ],
      [
        "updatedBy",
        {
          "option": "string"
        }
      ],
      [
        "updatedIn",
        {
          "option": "string"
        }
      ]
    ]
  },
  "classification": {
    "record": [
      [
        "objectId",
        "string"
      ],
      [
        "schemaId",
        "string"
      ],
      [
        "title",
        "string"
      ],
      [
        "kind",
        "string"
      ],
      [
        "answer",
        "answer"
      ],
      [
        "parent",
        {
          "option": "integer"
        }
      ],
      [
        "page",
        {
          "option": "integer"
        }
      ],
      [
        "interpolationStopped",
        "bool"
      ],
      [
        "provenance",
        {
          "option": "provenance"
        }
      ]
    ]
  },
  "object": {
    "record": [
      [
        "objectId",
        "string"
      ],
      [
        "schemaId",
        "string"
      ],
      [
        "title",
        "string"
      ],
      [
        "geometry",
        "geometry"
      ],
      [
        "page",
        {
          "option": "integer"
        }
      ],
      [
        "interpolationStopped",
        "bool"
      ],
      [
        "ocr",
        {
          "option": "string"
        }
      ],
      [
        "provenance",
        {
          "option": "provenance"
        }
      ],
      [
        "classifications",
        {
          "list": "classification"
        }
      ],
      [
        "extra",
        {
          "option": "string"
        }
      ]
    ]
  },
  "direction": {
    "enum": [
      "straight",
      "reverse",
      "bidirectional"
    ]
  },
  "pair": {
    "record": [
      [
        "source",
        "string"
      ],
      [
        "target",
        "string"
      ],
      [
        "direction",
        "direction"
      ]
    ]
  },
  "relation-members": {
    "cases": [
      {
        "kind": "pair",
        "payload": "pair"
      },
      {
        "kind": "group",
        "payload": {
          "list": "string"
        },
        "field": "members"
      }
    ]
  },
  "relation": {
    "record": [
      [
        "objectId",
        "string"
      ],
      [
        "schemaId",
        "string"
      ],
      [
        "title",
        "string"
      ],
      [
        "members",
        "relation-members"
      ],
      [
        "page",
        {
          "option": "integer"
        }
      ]
    ]
  },
  "annotations": {
    "record": [
      [
        "objects",
        {
          "list": "object"
        }
      ],
      [
        "classifications",
        {
          "list": "classification"
        }
      ],
      [
        "relations",
        {
          "list": "relation"
        }
      ],
      [
        "brush",
        {
          "option": "string"
        }
      ],
      [
        "voxelBrush",
        {
          "option": "string"
        }
      ]
    ]
  },
  "stage-visit": {
    "record": [
      [
        "stage",
        "string"
      ],
      [
        "stageId",
        {
          "option": "string"
        }
      ],
      [
        "durationMs",
        "integer"
      ],
      [
        "completedAt",
        {
          "option": "integer"
        }
      ],
      [
        "completedBy",
        {
          "option": "string"
        }
      ],
      [
        "reviewStatus",
        {
          "option": "string"
        }
      ],
      [
        "annotations",
        "annotations"
      ]
    ]
  },
  "asset": {
    "record": [
      [
        "url",
        "string"
      ],
      [
        "assetId",
        {
          "option": "string"
        }
      ],
      [
        "externalId",
        "string"
      ],
      [
        "fileName",
        "string"
      ],
      [
        "pages",
        {
          "list": "string"
        }
      ],
      [
        "batches",
        {
          "list": "string"
        }
      ],
      [
        "width",
        {
          "option": "integer"
        }
      ],
      [
        "height",
        {
          "option": "integer"
        }
      ],
      [
        "frameCount",
        {
          "option": "integer"
        }
      ],
      [
        "frameRate",
        {
          "option": "f64"
        }
      ],
      [
        "contextData",
        {
          "option": "string"
        }
      ],
      [
        "extra",
        {
          "option": "string"
        }
      ]
    ]
  },
  "task": {
    "record": [
      [
        "index",
        "integer"
      ],
      [
        "objectOffset",
        "integer"
      ],
      [
        "taskId",
        "string"
      ],
      [
        "stage",
        "string"
      ],
      [
        "stageId",
        {
          "option": "string"
        }
      ],
      [
        "updatedAt",
        {
          "option": "integer"
        }
      ],
      [
        "updatedBy",
        {
          "option": "string"
        }
      ],
      [
        "totalDurationMs",
        "integer"
      ],
      [
        "asset",
        "asset"
      ],
      [
        "annotations",
        "annotations"
      ],
      [
        "history",
        {
          "list": "stage-visit"
        }
      ],
      [
        "extra",
        {
          "option": "string"
        }
      ]
    ]
  },
  "class": {
    "record": [
      [
        "index",
        "integer"
      ],
      [
        "schemaId",
        "string"
      ],
      [
        "title",
        "string"
      ],
      [
        "kind",
        "string"
      ],
      [
        "color",
        {
          "option": "string"
        }
      ],
      [
        "options",
        {
          "list": "string"
        }
      ],
      [
        "parent",
        {
          "option": "string"
        }
      ]
    ]
  },
  "project": {
    "record": [
      [
        "name",
        "string"
      ],
      [
        "exportedAt",
        {
          "option": "integer"
        }
      ],
      [
        "tools",
        {
          "list": "class"
        }
      ],
      [
        "classifications",
        {
          "list": "class"
        }
      ],
      [
        "relations",
        {
          "list": "class"
        }
      ],
      [
        "stages",
        {
          "list": "string"
        }
      ],
      [
        "batches",
        {
          "list": "string"
        }
      ],
      [
        "taskCount",
        {
          "option": "integer"
        }
      ]
    ]
  }
};
