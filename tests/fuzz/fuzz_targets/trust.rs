//! Whatever the lock file, the record of approvals, a policy, a signature or a key holds: an error or a value, and a value that survives its text.

#![no_main]

use ango_trust::{Digest, Lock, Moment, Policy, PublicKey, Record, Signed, SigningKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = Signed::read(bytes);
    if let Ok(record) = Record::parse(bytes) {
        let lock = Lock::of(&record, record.entries.len() as u64);
        let text = lock.to_text().expect("a lock file has a text");
        assert_eq!(Lock::parse(&text), Ok(lock));
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(lock) = Lock::parse(text) {
        let again = lock.to_text().expect("a lock file has a text");
        assert_eq!(Lock::parse(&again), Ok(lock));
    }
    if let Ok(policy) = toml::from_str::<Policy>(text)
        && policy.check().is_ok()
    {
        let signers = policy.signers(Some("p"), &Digest::of(b"w"), &[bytes.to_vec()], 0);
        assert!(!policy.demands_signatures() || policy.accept(&signers).is_err());
    }
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string().parse(), Ok(key));
    }
    if let Ok(key) = SigningKey::from_pem(text) {
        assert!(SigningKey::from_pem(&key.to_pem().expect("a key has a text")).is_ok_and(|again| again.public() == key.public()));
    }
    let _ = text.parse::<Digest>();
    let _ = Moment::try_from(text.to_owned());
});
