//! Whatever the configuration file holds: an error that names a line and fits on one, or a configuration whose questions have answers.

#![no_main]

use ango_config::Config;
use libfuzzer_sys::fuzz_target;
use std::path::PathBuf;

fuzz_target!(|text: &str| {
    match Config::parse(text, PathBuf::from("c.toml")) {
        Ok(config) => {
            let names: Vec<&String> = config.plugins.keys().collect();
            for name in names {
                config.limits(name, &[]).expect("limits of the file were checked");
            }
            config.assets.check().expect("places of the file were checked");
            config.policy.check().expect("the policy of the file was checked");
            assert!(config.limits.iter().all(|(_, line)| *line >= 1 && *line <= text.matches('\n').count() + 1));
            let _ = (config.signed(), config.storage("a", Some("b")));
        }
        Err(error) => {
            let message = error.to_string();
            assert!(message.starts_with("c.toml: line "), "{message:?}");
        }
    }
});
