use super::*;
use crate::keys::SigningKey;
use crate::signature::{Statement, sign};

const NOW: Timestamp = 1_800_000_000_000;

struct Author {
    key: SigningKey,
}

impl Author {
    fn new() -> Result<Self, String> {
        Ok(Self { key: SigningKey::generate()? })
    }

    fn signature(&self, component: &[u8]) -> Vec<u8> {
        let statement = Statement { digest: Digest::of(component), name: "p".into(), version: "1".into(), signed_at: String::new() };
        sign(&statement, &self.key).into_bytes()
    }
}

fn policy(keys: &[(&str, &Author)], rest: &str) -> Result<Policy, String> {
    let keys: Vec<String> = keys.iter().map(|(name, author)| format!("[keys.{name}]\npublic = \"{}\"\n", author.key.public())).collect();
    let policy: Policy = toml::from_str(&format!("{}{rest}", keys.concat())).map_err(|error| error.message().to_owned())?;
    policy.check().map(|()| policy)
}

#[test]
fn all_of_and_any_of_are_both_demanded() -> Result<(), String> {
    let (a, b, c) = (Author::new()?, Author::new()?, Author::new()?);
    let policy = policy(
        &[("a", &a), ("b", &b), ("c", &c)],
        "[signatures]\nall-of = [{ key = \"a\" }]\nany-of = { of = [{ key = \"b\" }, { key = \"c\" }] }\n",
    )?;
    let verdict = |signed: &[&Author]| {
        let signatures: Vec<Vec<u8>> = signed.iter().map(|author| author.signature(b"w")).collect();
        policy.accept(&policy.signers(Some("p"), &Digest::of(b"w"), &signatures, NOW))
    };
    assert_eq!(verdict(&[]), Err("the policy demands a signature of a".into()));
    assert_eq!(verdict(&[&a]), Err("the policy demands 1 more of the signatures of b, c".into()));
    assert_eq!(verdict(&[&b, &c]), Err("the policy demands a signature of a".into()));
    assert_eq!(verdict(&[&a, &c]), Ok(()));
    let stranger = Author::new()?;
    let refused = verdict(&[&stranger]).err().unwrap_or_default();
    assert!(refused.contains("signed with a key that is not trusted here"), "{refused}");
    Ok(())
}

#[test]
fn keys_expire_and_sign_for_their_own_plugins_only() -> Result<(), String> {
    let author = Author::new()?;
    let mut policy = policy(&[("a", &author)], "[signatures]\nall-of = [{ key = \"a\" }]\n")?;
    let signature = [author.signature(b"w")];
    let signers = |policy: &Policy, plugin: &str| policy.signers(Some(plugin), &Digest::of(b"w"), &signature, NOW);
    assert_eq!(signers(&policy, "p").trusted, ["a"]);
    let set = |policy: &mut Policy, expires: Option<Moment>, plugins: &[&str]| {
        for key in policy.keys.values_mut() {
            key.expires = expires;
            key.plugins = plugins.iter().map(|&name| name.to_owned()).collect();
        }
    };
    set(&mut policy, Some(Moment(NOW)), &[]);
    assert!(signers(&policy, "p").others[0].contains("has expired"));
    set(&mut policy, Some(Moment(NOW + 1)), &["q", "acme-*"]);
    assert!(signers(&policy, "p").others[0].contains("may sign q, acme-* only"));
    assert_eq!((signers(&policy, "q").trusted.len(), signers(&policy, "acme-x").trusted.len()), (1, 1));
    // A signature over something else does not count at all.
    assert_eq!(policy.signers(Some("q"), &Digest::of(b"x"), &signature, NOW).others, ["a signature over another component"]);
    Ok(())
}

#[test]
fn a_policy_with_mistakes_is_refused() -> Result<(), String> {
    let author = Author::new()?;
    for (rest, problem) in [
        ("[signatures]\nall-off = []\n", "unknown field `all-off`"),
        ("[signatures]\nall-of = [{ keys = \"a\" }]\n", "unknown variant `keys`"),
        ("[signatures]\nall-of = [{ key = \"b\" }]\n", "there is no key 'b'"),
        ("[signatures]\nany-of = { minimum = 2, of = [{ key = \"a\" }] }\n", "2 of 1 conditions"),
        ("[signatures]\nany-of = { minimum = 0, of = [] }\n", "demands nothing"),
        ("[signatures.any-of]\nof = []\nat-least = 1\n", "unknown field `at-least`"),
        ("[keys.b]\npublic = \"hush\"\n", "is no public key"),
        ("[keys.b]\npublic = \"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\nexpires = \"soon\"\n", "expected a day like"),
        ("[keys.b]\npublic = \"ed25519:11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\nprivate = \"x\"\n", "unknown field `private`"),
    ] {
        let refused = policy(&[("a", &author)], rest).err().unwrap_or_default();
        assert!(refused.contains(problem), "{rest}: {refused}");
    }
    for (text, problem) in
        [("files = \"maybe\"", "unknown variant"), ("unattended = \"signed\"", "needs a condition"), ("yes = true", "unknown field")]
    {
        let refused =
            toml::from_str::<Policy>(text).map_err(|error| error.message().to_owned()).and_then(|policy| policy.check()).err().unwrap_or_default();
        assert!(refused.contains(problem), "{text}: {refused}");
    }
    Ok(())
}
