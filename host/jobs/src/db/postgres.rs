//! PostgreSQL: connecting, and being told of what others queued.

use super::value::{Row, Value};
use crate::error::DatabaseError;
use rustls::ClientConfig;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_postgres::config::SslMode;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long connecting may take, and a statement.
const CONNECT: Duration = Duration::from_secs(10);
pub(super) const STATEMENT: Duration = Duration::from_secs(20);
/// The lock that whoever must be alone takes. Any number that nobody else uses.
const LOCK: i64 = 0x616e_676f;

/// A server.
#[derive(Debug)]
pub(super) struct Server {
    config: Config,
    name: String,
    wake: Arc<Notify>,
}

/// A connection with its prepared statements.
pub(super) struct Connection {
    client: Client,
    statements: HashMap<&'static str, Statement>,
    /// A transaction was begun and has not ended.
    is_open: bool,
    /// A statement was not answered in time; the next one would wait behind it.
    is_stuck: bool,
    name: String,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An address without its password.
pub(super) fn name(url: &str) -> String {
    let Ok(config) = url.parse::<Config>() else { return "postgres://...".to_owned() };
    let host = config.get_hosts().first().map_or_else(String::new, |host| match host {
        tokio_postgres::config::Host::Tcp(name) => name.clone(),
        #[cfg(unix)]
        tokio_postgres::config::Host::Unix(path) => path.display().to_string(),
    });
    format!("postgres://{}@{host}/{}", config.get_user().unwrap_or_default(), config.get_dbname().unwrap_or_default())
}

impl Server {
    pub(super) fn new(url: &str, wake: Arc<Notify>) -> Result<Self, DatabaseError> {
        let wrong = |problem: String| DatabaseError::Open { name: name(url), problem };
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let problem = said(&error);
            // The only thing it says that holds nothing of the address.
            let detail = if problem.contains("invalid value for option `sslmode`") { ": sslmode is disable, prefer or require" } else { "" };
            wrong(format!("expected postgres://USER:PASSWORD@HOST/DATABASE{detail}"))
        })?;
        config.connect_timeout(CONNECT).application_name("ango-export").keepalives_idle(Duration::from_secs(30));
        let own = config.get_options().unwrap_or_default().to_owned();
        config.options(format!("-c statement_timeout={} -c idle_in_transaction_session_timeout=60000 {own}", STATEMENT.as_millis()).trim_end());
        Ok(Self { config, name: name(url), wake })
    }

    /// All connections are in use, and stay so.
    pub(super) fn busy(&self) -> DatabaseError {
        self.unavailable(format!("no connection became free within {} s", STATEMENT.as_secs()))
    }

    fn unavailable(&self, problem: String) -> DatabaseError {
        DatabaseError::Unavailable { name: self.name.clone(), problem }
    }

    /// Connects.
    pub(super) async fn connect(&self) -> Result<Connection, DatabaseError> {
        let (client, told) = self.connect_raw().await?;
        // The connection of a session is told nothing that it did not ask for.
        drop(told);
        Ok(Connection { client, statements: HashMap::new(), is_open: false, is_stuck: false, name: self.name.clone() })
    }

    async fn connect_raw(&self) -> Result<(Client, tokio::sync::mpsc::UnboundedReceiver<()>), DatabaseError> {
        let (tell, told) = tokio::sync::mpsc::unbounded_channel();
        let failed = |error: tokio_postgres::Error| self.unavailable(said(&error));
        let late = |_| self.unavailable(format!("no connection within {} s", CONNECT.as_secs()));
        let client = if self.config.get_ssl_mode() == SslMode::Disable || is_local(&self.config) && self.config.get_ssl_mode() == SslMode::Prefer {
            let (client, connection) = tokio::time::timeout(CONNECT, self.config.connect(NoTls)).await.map_err(late)?.map_err(failed)?;
            tokio::spawn(drive(connection, tell));
            client
        } else {
            let tls = tls().map_err(|problem| self.unavailable(problem))?;
            let (client, connection) = tokio::time::timeout(CONNECT, self.config.connect(tls)).await.map_err(late)?.map_err(failed)?;
            tokio::spawn(drive(connection, tell));
            client
        };
        Ok((client, told))
    }

    /// Wakes the workers of this node when another one queued something, for ever. A connection that breaks is made again; meanwhile workers look by themselves now and then.
    pub(super) async fn listen(self: Arc<Self>) {
        loop {
            if let Ok((client, mut told)) = self.connect_raw().await
                && client.batch_execute("LISTEN ango_export").await.is_ok()
            {
                while told.recv().await.is_some() {
                    self.wake.notify_one();
                }
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }
}

/// Whether the server is on this machine, where nobody listens in.
fn is_local(config: &Config) -> bool {
    config.get_hosts().iter().all(|host| match host {
        tokio_postgres::config::Host::Tcp(name) => name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback()),
        #[cfg(unix)]
        tokio_postgres::config::Host::Unix(_) => true,
    })
}

fn tls() -> Result<MakeRustlsConnect, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // One that cannot be read is one that is not trusted.
        let _ = roots.add(certificate);
    }
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
    Ok(MakeRustlsConnect::new(config.with_root_certificates(roots).with_no_client_auth()))
}

/// Moves what a connection sends and gets, until it ends, and passes on what it is told.
async fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, tell: tokio::sync::mpsc::UnboundedSender<()>)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = std::future::poll_fn(|cx| connection.poll_message(cx)).await {
        if let AsyncMessage::Notification(_) = message {
            // Nobody may listen.
            let _ = tell.send(());
        }
    }
}

/// What the server says, with what is behind it.
fn said(error: &tokio_postgres::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

impl Connection {
    /// Whether the next one can have it.
    pub(super) fn is_usable(&self) -> bool {
        !self.is_open && !self.is_stuck && !self.client.is_closed()
    }

    fn failed(&self, error: &tokio_postgres::Error) -> DatabaseError {
        let (name, problem) = (self.name.clone(), said(error));
        let is_gone = error.is_closed()
            // It is being stopped or started, has no room for more connections, or two transactions stood in each other's way.
            || error.as_db_error().is_none_or(|error| ["08", "40", "53", "57"].iter().any(|class| error.code().code().starts_with(class)));
        if is_gone { DatabaseError::Unavailable { name, problem } } else { DatabaseError::Failed { name, problem } }
    }

    /// Stuck from when a statement is sent until it is answered: also when nobody waits for the answer any more.
    async fn timed<T>(&mut self, work: impl AsyncFnOnce(&Client) -> Result<T, tokio_postgres::Error>) -> Result<T, DatabaseError> {
        self.is_stuck = true;
        // The server gives up first, and says so; this is for one that says nothing.
        let done = tokio::time::timeout(STATEMENT + Duration::from_secs(1), work(&self.client))
            .await
            .map_err(|_| DatabaseError::Unavailable { name: self.name.clone(), problem: format!("no answer within {} s", STATEMENT.as_secs()) })?;
        self.is_stuck = false;
        done.map_err(|error| self.failed(&error))
    }

    async fn statement(&mut self, sql: &'static str) -> Result<Statement, DatabaseError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.timed(async |client| client.prepare(sql).await).await?;
        self.statements.insert(sql, statement.clone());
        Ok(statement)
    }

    pub(super) async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, DatabaseError> {
        let statement = self.statement(sql).await?;
        self.timed(async |client| client.execute_raw(&statement, params.iter().map(|value| value as &(dyn ToSql + Sync))).await).await
    }

    pub(super) async fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        let statement = self.statement(sql).await?;
        let params: Vec<&(dyn ToSql + Sync)> = params.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        let rows = self.timed(async |client| client.query(&statement, &params).await).await?;
        let value = |row: &tokio_postgres::Row, column: usize| -> Result<Value, tokio_postgres::Error> {
            Ok(match *row.columns()[column].type_() {
                Type::INT8 => row.try_get::<_, Option<i64>>(column)?.map_or(Value::Null, Value::Int),
                Type::INT4 => row.try_get::<_, Option<i32>>(column)?.map_or(Value::Null, |number| Value::Int(number.into())),
                _ => row.try_get::<_, Option<String>>(column)?.map_or(Value::Null, Value::Text),
            })
        };
        let row = |row: &tokio_postgres::Row| (0..row.len()).map(|column| value(row, column)).collect::<Result<Vec<_>, _>>().map(Row);
        rows.iter().map(row).collect::<Result<Vec<_>, _>>().map_err(|error| self.failed(&error))
    }

    pub(super) async fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.timed(async |client| client.batch_execute(sql).await).await
    }

    pub(super) async fn begin(&mut self, alone: bool) -> Result<(), DatabaseError> {
        self.is_open = true;
        let sql = if alone { format!("BEGIN; SELECT pg_advisory_xact_lock({LOCK})") } else { "BEGIN".to_owned() };
        self.batch(&sql).await
    }

    pub(super) fn committed(&mut self) {
        self.is_open = false;
    }
}
