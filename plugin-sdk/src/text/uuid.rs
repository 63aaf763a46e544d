//! Ids in the form of a UUID, for formats that know no other.

use crate::bytes::hash;

/// Appends a UUID without quotes that is always the same for the same parts, such as the id of a task and that of an object. It is of version 8 (RFC 9562), whose bits are
/// the writer's own: here those of two hashes.
pub fn write_uuid(out: &mut Vec<u8>, parts: &[&str]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = Vec::with_capacity(64);
    for part in parts {
        // The length in front, so that no two lists of parts are one text.
        text.extend_from_slice(&(part.len() as u64).to_le_bytes());
        text.extend_from_slice(part.as_bytes());
    }
    let first = hash(&text);
    text.push(0);
    let mut bytes = (u128::from(first) << 64 | u128::from(hash(&text))).to_be_bytes();
    bytes[6] = 0x80 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    for (at, byte) in bytes.into_iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::collections::HashSet;

    fn uuid(parts: &[&str]) -> String {
        let mut out = Vec::new();
        write_uuid(&mut out, parts);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn ids_have_the_form_and_differ() {
        let mut seen = HashSet::new();
        for task in 0..50 {
            for object in 0..50 {
                let id = uuid(&[&task.to_string(), &object.to_string()]);
                let parts: Vec<usize> = id.split('-').map(str::len).collect();
                assert_eq!(parts, [8, 4, 4, 4, 12]);
                assert!(id.as_bytes()[14] == b'8' && b"89ab".contains(&id.as_bytes()[19]), "{id}");
                assert!(seen.insert(id));
            }
        }
        assert_ne!(uuid(&["ab", "c"]), uuid(&["a", "bc"]));
        // The same in every version: who imports an export twice finds the objects again.
        assert_eq!(uuid(&["t1", "o1"]), uuid(&["t1", "o1"]));
    }
}
