//! The words that a field of the API can be, for its description. They stand here as types that have no values: what is answered are texts.

use ango_jobs::{Role, SessionState, State};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident: $words:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some($words)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                Cow::Borrowed(stringify!($name))
            }
        }
    )* };
}

words! {
    /// What a task is for.
    TaskTypeName: ["default", "consensus", "benchmark"];
    /// What became of an export.
    ExportState: State::ALL.map(State::name);
    /// What became of a run of a connected program.
    RunState: SessionState::ALL.map(SessionState::name);
    /// What an export is doing.
    ExportPhase: ["start", "scan", "convert", "save"];
    /// Why an export failed.
    FailureClass: ["input", "request", "storage", "interrupted", "cancelled", "internal"];
    /// How an export or a conversion ended.
    OutcomeName: ["ok", "ok-with-losses", "failed"];
    /// How much a line of a log matters.
    LogLevel: ["debug", "info", "warning", "error"];
    /// What a key may.
    RoleName: Role::ALL.map(Role::name);
    /// Where a plugin is from.
    PluginKind: ["bundled", "installed", "connected"];
    /// Whether a plugin runs.
    PluginState: ["bundled", "active", "approved", "waiting", "revoked", "online", "offline"];
    /// The provider of a storage.
    StorageKind: ["local", "s3", "gcs", "azure"];
    /// What a connection test tries.
    TestStep: ["open", "write", "read", "link", "delete"];
    /// What an event of a stream tells of.
    EventName: ["export", "session", "log"];
    /// What a notification tells.
    NotificationKind: ["ready", "failed", "message"];
}
