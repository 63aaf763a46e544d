//! What every request and every worker shares.

use crate::error::ApiError;
use crate::links::Signer;
use crate::metrics::Metrics;
use crate::programs::Programs;
use crate::rates::Rates;
use ango_config::{Config, Organisation, Service};
use ango_jobs::Database;
use ango_launch::{Loader, now};
use serde_json::Value;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::runtime::Handle;
use tokio::sync::{broadcast, watch};

/// The service, as those who work for it hold it.
#[derive(Debug, Clone)]
pub struct App(Arc<Shared>);

/// What there is once.
#[derive(Debug)]
pub struct Shared {
    live: RwLock<Arc<Live>>,
    /// The jobs, keys and settings.
    pub database: Database,
    /// Name of this node, different with each start.
    pub node: String,
    /// The runtime, for what waits.
    pub runtime: Handle,
    /// Signs links into local folders.
    pub signer: Signer,
    /// What is counted.
    pub metrics: Metrics,
    /// Who asks how often.
    pub rates: Rates,
    /// Programs that convert and are connected to this node.
    pub(crate) programs: Programs,
    /// Ids of exports and sessions of which something changed on this node.
    pub changes: broadcast::Sender<String>,
    /// Turns to true when the service is to end.
    pub stop: watch::Sender<bool>,
}

/// What can change while the service runs.
#[derive(Debug)]
pub struct Live {
    /// The configuration.
    pub config: Config,
    /// Its section about the service.
    pub service: Service,
    /// Loads plugins.
    pub loader: Loader,
    /// How others reach the service, without a slash at the end.
    pub public_url: String,
}

impl Live {
    /// The settings of an organisation that a key belongs to.
    ///
    /// # Errors
    /// When the configuration does not hold it any more.
    pub fn organisation(&self, name: &str) -> Result<&Organisation, ApiError> {
        self.service.organisations.get(name).ok_or_else(|| ApiError::forbidden(format!("organisation '{name}' is not served here any more")))
    }
}

impl App {
    /// Puts it together.
    pub fn new(live: Live, database: Database, node: String, runtime: Handle, signer: Signer) -> Self {
        let rates = Rates::new(live.service.requests_per_second);
        let (changes, _) = broadcast::channel(1024);
        let (stop, _) = watch::channel(false);
        Self(Arc::new(Shared {
            live: RwLock::new(Arc::new(live)),
            database,
            node,
            runtime,
            signer,
            metrics: Metrics::new(),
            rates,
            programs: Programs::default(),
            changes,
            stop,
        }))
    }

    /// The configuration that holds now. A request keeps the one that it began with.
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets another configuration hold from now on.
    pub fn replace(&self, live: Live) {
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(live);
    }

    /// Tells those who follow an export or a session.
    pub fn changed(&self, id: &str) {
        // Nobody there to hear it is no failure.
        let _ = self.changes.send(id.to_owned());
    }

    /// Whether the service is to end.
    pub fn is_stopping(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until the service is to end.
    pub async fn stopped(&self) {
        let mut stop = self.stop.subscribe();
        // The sender lives as long as `self`.
        let _ = stop.wait_for(|stop| *stop).await;
    }

    /// Writes down what somebody did. What cannot be written down is not done: so this comes first, or fails the request.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit(
        &self,
        by: &crate::auth::Caller,
        action: &str,
        project: Option<&str>,
        target: Option<&str>,
        detail: Value,
    ) -> Result<(), ApiError> {
        self.database
            .audit(&ango_jobs::AuditEntry {
                id: 0,
                organisation: by.key.organisation.clone(),
                at: now(),
                actor: by.name(),
                action: action.to_owned(),
                project: project.map(str::to_owned),
                target: target.map(str::to_owned),
                detail,
                from: by.from.map(|address| address.to_string()),
            })
            .await?;
        Ok(())
    }
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// Does what takes a thread for itself: reading folders, loading plugins, opening storages.
///
/// # Errors
/// What `work` says.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, ApiError> + Send + 'static) -> Result<T, ApiError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(ApiError::internal(&error)),
    }
}
