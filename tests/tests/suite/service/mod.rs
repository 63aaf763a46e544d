//! `ango-export serve`: exports as a service.

mod access;
mod crash;
mod exports;
mod hub_api;
mod nodes;
mod notify;
mod operation;
