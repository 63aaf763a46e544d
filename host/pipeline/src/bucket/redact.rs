//! Taking out of a text what would let somebody in.
//!
//! Providers quote in their answers what they were asked: keys, signatures, whole addresses with signatures in them. Values that are known are taken out, and besides whatever stands where
//! signatures and tokens stand: a provider may have made it out of a secret that nobody knows here.

/// Shown in place of a secret.
const HIDDEN: &str = "***";
/// What stands before a signature, a token or the id of a key, in small letters.
const MARKS: [&str; 12] = [
    "signature=",
    "sig=",
    "credential=",
    "security-token=",
    "googleaccessid=",
    "awsaccesskeyid=",
    "<awsaccesskeyid>",
    "<signatureprovided>",
    "<stringtosign>",
    "<canonicalrequest>",
    "bearer ",
    "sharedkey ",
];

/// Whether the value of a variable must never be shown.
pub(super) fn is_secret(name: &str) -> bool {
    let is_place = ["_FILE", "_URI", "_ENDPOINT", "_URL", "_TYPE", "_ENABLED", "_CREDENTIALS"].iter().any(|end| name.ends_with(end));
    !is_place && ["KEY", "SECRET", "TOKEN", "SAS", "PASSWORD"].iter().any(|word| name.contains(word))
}

/// Takes these secrets, and everything that looks like one, out of a text.
pub(super) fn redact<'a>(text: &str, secrets: impl Iterator<Item = &'a str>) -> String {
    let mut text = text.to_owned();
    // A short value could be any word.
    for secret in secrets.filter(|secret| secret.len() > 7) {
        text = text.replace(secret, HIDDEN);
    }
    let lower = text.to_ascii_lowercase();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some((start, mark)) = MARKS.iter().filter_map(|mark| Some((at + lower.get(at..)?.find(mark)?, *mark))).min() {
        let begin = start + mark.len();
        let is_end = |c: char| if mark.starts_with('<') { c == '<' } else { c.is_whitespace() || "&\"'<>(),;".contains(c) };
        let length = text.get(begin..).and_then(|rest| rest.find(is_end)).unwrap_or(text.len() - begin);
        out.push_str(text.get(at..begin).unwrap_or_default());
        if length > 0 {
            out.push_str(HIDDEN);
        }
        at = begin + length;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lets_somebody_in_is_taken_out() {
        for (text, shown) in [
            ("nothing", "nothing"),
            (
                "GET http://h/b/k?X-Amz-Credential=AKIA%2F2026&X-Amz-Signature=0a1b failed",
                "GET http://h/b/k?X-Amz-Credential=***&X-Amz-Signature=*** failed",
            ),
            ("(https://a.blob.core.windows.net/c/k?sv=2024&sig=ab%2Bc%3D)", "(https://a.blob.core.windows.net/c/k?sv=2024&sig=***)"),
            ("Authorization: Bearer eyJ.a.b\nnext", "Authorization: Bearer ***\nnext"),
            (
                "<AWSAccessKeyId>AKIA</AWSAccessKeyId><StringToSign>AWS4 x\ny</StringToSign>",
                "<AWSAccessKeyId>***</AWSAccessKeyId><StringToSign>***</StringToSign>",
            ),
            ("AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=0a", "AWS4-HMAC-SHA256 Credential=***, Signature=***"),
            ("the key hushhush is wrong", "the key *** is wrong"),
            ("sig=", "sig="),
            ("İ sig=ä&b", "İ sig=***&b"),
        ] {
            assert_eq!(redact(text, ["hushhush", "the"].into_iter()), shown);
        }
    }

    #[test]
    fn names_of_secrets() {
        for name in [
            "AWS_SECRET_ACCESS_KEY",
            "AWS_ACCESS_KEY_ID",
            "AWS_SESSION_TOKEN",
            "GOOGLE_SERVICE_ACCOUNT_KEY",
            "AZURE_STORAGE_SAS_TOKEN",
            "AZURE_CLIENT_SECRET",
        ] {
            assert!(is_secret(name), "{name}");
        }
        for name in [
            "AWS_REGION",
            "AWS_ENDPOINT_URL",
            "GOOGLE_SERVICE_ACCOUNT",
            "GOOGLE_APPLICATION_CREDENTIALS",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AZURE_CREDENTIAL_TYPE",
        ] {
            assert!(!is_secret(name), "{name}");
        }
    }
}
