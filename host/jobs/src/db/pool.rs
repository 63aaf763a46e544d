//! Connections to PostgreSQL: a few, each of one session at a time, made anew when the server was gone.

use super::postgres::{Connection, STATEMENT, Server};
use super::value::{Row, Value};
use crate::error::DatabaseError;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::task::JoinHandle;

/// Connections of a node.
const CONNECTIONS: usize = 6;

/// The connections.
#[derive(Debug)]
pub(super) struct Pool {
    server: Arc<Server>,
    slots: Semaphore,
    idle: Mutex<Vec<Connection>>,
    listener: JoinHandle<()>,
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

impl Pool {
    pub(super) async fn open(server: Server) -> Result<Self, DatabaseError> {
        let server = Arc::new(server);
        // What is wrong with the address shows now.
        let first = server.connect().await?;
        let listener = tokio::spawn(Arc::clone(&server).listen());
        Ok(Self { server, slots: Semaphore::new(CONNECTIONS), idle: Mutex::new(vec![first]), listener })
    }

    pub(super) async fn get(&self) -> Result<Guard<'_>, DatabaseError> {
        let closed = |_| DatabaseError::Content { what: "the pool" };
        let permit = tokio::time::timeout(STATEMENT, self.slots.acquire()).await.map_err(|_| self.server.busy())?.map_err(closed)?;
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(connection) = idle else { break };
            // One that broke while it was idle is forgotten.
            if connection.is_usable() {
                return Ok(Guard { connection: Some(connection), pool: self, _permit: permit });
            }
        }
        let connection = self.server.connect().await?;
        Ok(Guard { connection: Some(connection), pool: self, _permit: permit })
    }
}

/// A connection, for whoever has it now.
pub(crate) struct Guard<'a> {
    /// There until it is dropped.
    connection: Option<Connection>,
    pool: &'a Pool,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        // One in the middle of a transaction is closed: the server undoes it, and gives its locks back.
        if let Some(connection) = self.connection.take().filter(Connection::is_usable) {
            self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}

impl Guard<'_> {
    fn connection(&mut self) -> Result<&mut Connection, DatabaseError> {
        self.connection.as_mut().ok_or(DatabaseError::Content { what: "the connection" })
    }

    pub(super) async fn execute(&mut self, sql: &'static str, params: &[Value]) -> Result<u64, DatabaseError> {
        self.connection()?.execute(sql, params).await
    }

    pub(super) async fn query(&mut self, sql: &'static str, params: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.connection()?.query(sql, params).await
    }

    pub(super) async fn batch(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.connection()?.batch(sql).await
    }

    pub(super) async fn begin(&mut self, alone: bool) -> Result<(), DatabaseError> {
        self.connection()?.begin(alone).await
    }

    pub(super) fn committed(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.committed();
        }
    }
}
