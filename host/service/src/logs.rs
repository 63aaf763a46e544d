//! The service's own log: one line of JSON per event for machines, plain lines for people.

use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Lets the log begin. Lines go to standard error. What is `debug` is left out, and so is what libraries say below a warning.
pub fn begin(json: bool) {
    let ours = tracing_subscriber::filter::Targets::new().with_default(tracing::Level::WARN).with_target("ango", tracing::Level::INFO);
    let registry = tracing_subscriber::registry().with(ours);
    // A second begin in one process, as in tests, is no failure.
    let _ = if json {
        registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true).with_span_events(FmtSpan::NONE).with_writer(std::io::stderr))
            .try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_ansi(false).with_target(false).with_writer(std::io::stderr)).try_init()
    };
}
