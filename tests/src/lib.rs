//! What the tests of the whole program share: running it, making projects, reading archives, and servers (S3, Google, Azure, web, OCI registry) that can be told to fail.

// A helper that cannot do its work ends the test that asked for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

pub mod archive;
pub mod bombs;
pub mod browser;
pub mod cli;
pub mod description;
pub mod emulator;
pub mod hub;
pub mod javascript;
pub mod json;
pub mod mail;
pub mod oci;
pub mod postgres;
pub mod project;
pub mod proxy;
pub mod python;
pub mod s3;
pub mod service;
pub mod text;
pub mod tls;
pub mod wasm;
pub mod web;
