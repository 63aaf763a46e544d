//! Counting what annotations lack in the legacy format.

use super::field;
use super::left_out::{Code, LeftOut};
use crate::json::Value;

/// Counts over drawn objects: a segmentation had a link to its mask, and a question its column.
pub(super) fn count_tools(list: Option<Value<'_, '_>>, left_out: &mut LeftOut) {
    for tool in list.iter().flat_map(Value::elements) {
        let (mut is_segmentation, mut has_masks) = (false, false);
        for member in tool.members() {
            match member.key {
                "segmentation" => is_segmentation = true,
                "masks" => has_masks = true,
                "classifications" => count_classifications(Some(member.value), left_out),
                _ => {}
            }
        }
        left_out.add(Code::Masks, u64::from(is_segmentation && !has_masks));
    }
}

/// Counts over answered questions and those nested in them. A record that an old export was read from may have the key.
pub(super) fn count_classifications(list: Option<Value<'_, '_>>, left_out: &mut LeftOut) {
    for classification in list.iter().flat_map(Value::elements).filter_map(field::object) {
        let mut has_column_field = false;
        for member in classification.members() {
            match member.key {
                "columnField" => has_column_field |= !member.value.is_null(),
                "classifications" => count_classifications(Some(member.value), left_out),
                _ => {}
            }
        }
        left_out.add(Code::ColumnField, u64::from(!has_column_field));
    }
}

/// Counts the email addresses in the `metadata` of relations, where legacy exports had names.
pub(super) fn count_names(relations: Option<Value<'_, '_>>, left_out: &mut LeftOut) {
    for metadata in relations.iter().flat_map(Value::elements).filter_map(|relation| relation.get("metadata")) {
        let names = ["createdBy", "updatedBy"].iter().filter_map(|key| metadata.get(key).and_then(field::text)).count();
        left_out.add(Code::UserName, names as u64);
    }
}
