//! Which types have a packed form, and the order of their fields.

/// Implements [`Unpack`](crate::Unpack) for the contract's types, which must be in scope under the names that binding generators give them.
#[macro_export]
macro_rules! unpack_contract {
    () => {
        $crate::for_contract! { $crate::unpack_records, $crate::unpack_variants }
    };
}

/// Gives the contract's records and variants, whose values are packed in this order, to two macros.
#[macro_export]
macro_rules! for_contract {
    ($records:path, $variants:path) => {
        $records! {
            Task {
                index, object_offset, task_id, stage, stage_id, updated_at, updated_by, total_duration_ms, asset, annotations, history, extra
            }
            Asset {
                url, asset_id, external_id, file_name, pages, batches, width, height, frame_count, frame_rate, context_data, extra
            }
            StageVisit { stage, stage_id, duration_ms, completed_at, completed_by, review_status, annotations }
            Annotations { objects, classifications, relations, brush, voxel_brush }
            Object {
                object_id, schema_id, title, geometry, page, interpolation_stopped, ocr, provenance, classifications, extra
            }
            Classification { object_id, schema_id, title, kind, answer, parent, page, interpolation_stopped, provenance }
            Provenance { created_at, created_by, created_in, updated_at, updated_by, updated_in }
            Relation { object_id, schema_id, title, members, page }
            Pair { source, target, direction }
            Point { x, y }
            BoundingBox { x, y, width, height }
            RotatedBox { corners, width, height, rotation }
            Zone { region, holes }
            Span { start, end, selection }
            PdfRectangle { x1, y1, x2, y2, page_width, page_height }
            PdfArea { page_number, bounds, parts, text }
        }
        $variants! {
            Geometry {
                0 BoundingBox(_), 1 RotatedBox(_), 2 Polygon(_), 3 Polyline(_), 4 Segmentation(_), 5 Point(_), 6 Spline(_), 7 Entity(_), 8 Pdf(_),
                9 VoxelBrush, 10 Other(_)
            }
            Answer { 0 Empty, 1 Text(_), 2 Choices(_), 3 Flag(_), 4 Number(_), 5 Other(_) }
            RelationMembers { 0 Pair(_), 1 Group(_) }
            Direction { 0 Straight, 1 Reverse, 2 Bidirectional }
        }
    };
}

/// Records: their fields one after the other. For [`unpack_contract!`].
#[doc(hidden)]
#[macro_export]
macro_rules! unpack_records {
    ($($record:ident { $($field:ident),* })*) => {
        $(impl $crate::Unpack for $record {
            fn unpack(from: &mut $crate::Reader<'_>) -> ::std::result::Result<Self, $crate::Malformed> {
                // The fields of a struct expression are evaluated as they are written.
                ::std::result::Result::Ok(Self { $($field: $crate::Unpack::unpack(from)?),* })
            }

            fn skip(from: &mut $crate::Reader<'_>) -> ::std::result::Result<(), $crate::Malformed> {
                $($crate::skip_field(from, |record: &Self| &record.$field)?;)*
                ::std::result::Result::Ok(())
            }
        })*
    };
}

/// Variants and enums: the number of the case, and its payload. For [`unpack_contract!`].
#[doc(hidden)]
#[macro_export]
macro_rules! unpack_variants {
    ($($variant:ident { $($number:literal $case:ident $(($payload:tt))?),* })*) => {
        $(impl $crate::Unpack for $variant {
            fn unpack(from: &mut $crate::Reader<'_>) -> ::std::result::Result<Self, $crate::Malformed> {
                ::std::result::Result::Ok(match <u8 as $crate::Unpack>::unpack(from)? {
                    $($number => Self::$case $(($crate::unpack_payload!($payload from)))?,)*
                    _ => return ::std::result::Result::Err($crate::Malformed),
                })
            }

            fn skip(from: &mut $crate::Reader<'_>) -> ::std::result::Result<(), $crate::Malformed> {
                match <u8 as $crate::Unpack>::unpack(from)? {
                    $($number => { $($crate::skip_case!($payload from Self::$case);)? })*
                    _ => return ::std::result::Result::Err($crate::Malformed),
                }
                ::std::result::Result::Ok(())
            }
        })*
    };
}

/// The payload of a case. For [`unpack_contract!`].
#[doc(hidden)]
#[macro_export]
macro_rules! unpack_payload {
    (_ $from:ident) => {
        $crate::Unpack::unpack($from)?
    };
}

/// Passes over the payload of a case. For [`unpack_contract!`].
#[doc(hidden)]
#[macro_export]
macro_rules! skip_case {
    (_ $from:ident $case:expr) => {
        $crate::skip_payload($from, $case)?
    };
}
