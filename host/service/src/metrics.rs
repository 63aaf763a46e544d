//! What is counted, for Prometheus.

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// How an export or a conversion ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Ended {
    /// The state, or the outcome of a conversion.
    pub state: String,
}

/// A plugin and something of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OfPlugin {
    /// Its name.
    pub plugin: String,
    /// A loss code, a limit, or an outcome.
    pub what: String,
}

/// A route and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Answered {
    /// The method.
    pub method: String,
    /// The route with its placeholders.
    pub route: String,
    /// The status.
    pub status: u16,
}

/// The counters.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Exports by their end.
    pub exports: Family<Ended, Counter>,
    /// Seconds from the start of an export to its end.
    pub duration: Histogram,
    /// Seconds an export waited.
    pub waited: Histogram,
    /// Bytes of archives saved.
    pub saved_bytes: Counter,
    /// Bytes of text read.
    pub read_bytes: Counter,
    /// Tasks exported.
    pub tasks: Counter,
    /// Conversions by plugin and outcome.
    pub conversions: Family<OfPlugin, Counter>,
    /// Losses by plugin and code.
    pub losses: Family<OfPlugin, Counter>,
    /// Limits that plugins ran into.
    pub limits: Family<OfPlugin, Counter>,
    /// Exports by state, as the database has them.
    pub queue: Family<Ended, Gauge>,
    /// Exports that run on this node.
    pub running: Gauge,
    /// Leases that were lost to another node.
    pub lost_leases: Counter,
    /// Abandoned uploads that were cleaned up.
    pub swept: Counter,
    /// Times that one could not be.
    pub unswept: Counter,
    /// Requests that showed a key which is none.
    pub refused_keys: Counter,
    /// Requests by route and status.
    pub requests: Family<Answered, Counter>,
    /// Runs of connected plugins by plugin and end.
    pub sessions: Family<OfPlugin, Counter>,
    /// Webhooks and e-mails by what became of them.
    pub deliveries: Family<Ended, Counter>,
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("ango_export");
        let seconds = || Histogram::new([0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0]);
        let this = Self {
            exports: Family::default(),
            duration: seconds(),
            waited: seconds(),
            saved_bytes: Counter::default(),
            read_bytes: Counter::default(),
            tasks: Counter::default(),
            conversions: Family::default(),
            losses: Family::default(),
            limits: Family::default(),
            queue: Family::default(),
            running: Gauge::default(),
            lost_leases: Counter::default(),
            swept: Counter::default(),
            unswept: Counter::default(),
            refused_keys: Counter::default(),
            requests: Family::default(),
            sessions: Family::default(),
            deliveries: Family::default(),
            registry: Registry::default(),
        };
        registry.register("exports", "Exports by their end", this.exports.clone());
        registry.register_with_unit("export_duration", "From the start of an export to its end", Unit::Seconds, this.duration.clone());
        registry.register_with_unit("export_waited", "How long an export waited to start", Unit::Seconds, this.waited.clone());
        registry.register_with_unit("saved", "Archives saved", Unit::Bytes, this.saved_bytes.clone());
        registry.register_with_unit("read", "Text of records read", Unit::Bytes, this.read_bytes.clone());
        registry.register("tasks", "Tasks exported", this.tasks.clone());
        registry.register("conversions", "Conversions by plugin and outcome", this.conversions.clone());
        registry.register("losses", "What converted exports do not hold, by plugin and code", this.losses.clone());
        registry.register("limits_hit", "Limits that plugins ran into", this.limits.clone());
        registry.register("queue", "Exports in the database by state", this.queue.clone());
        registry.register("running", "Exports that run on this node", this.running.clone());
        registry.register("lost_leases", "Exports that another node took over", this.lost_leases.clone());
        registry.register("swept_uploads", "Abandoned uploads that were cleaned up", this.swept.clone());
        registry.register("unswept_uploads", "Times that an abandoned upload could not be cleaned up", this.unswept.clone());
        registry.register("refused_keys", "Requests with a key that is none", this.refused_keys.clone());
        registry.register("http_requests", "Requests by route and status", this.requests.clone());
        registry.register("sessions", "Runs of connected plugins by plugin and end", this.sessions.clone());
        registry.register("deliveries", "Webhooks and e-mails by what became of them", this.deliveries.clone());
        Self { registry, ..this }
    }

    /// The text that Prometheus reads.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
