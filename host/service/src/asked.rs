//! What a request brings: its path, its query, its body. What cannot be read is refused as everything else is, with a status, a stable code and a sentence.
//!
//! A NUL character is refused wherever it stands. No name has one, and a database that takes it at one place and not at the next would answer with a failure that is none of its own.

use crate::error::ApiError;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

/// Parts of the path.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Parameters of the query.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// A body of JSON.
#[derive(Debug)]
pub struct Sent<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        refuse_nul(parts.uri.path(), "%00")?;
        let read = axum::extract::Path::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(path)| Self(path)).map_err(|rejection| ApiError::bad_request(rejection.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        refuse_nul(parts.uri.query().unwrap_or_default(), "%00")?;
        let read = axum::extract::Query::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(query)| Self(query)).map_err(|rejection| ApiError::bad_request(rejection.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let (parts, body) = request.into_parts();
        let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), state).await.map_err(JsonRejection::from)?;
        // JSON has the character in this spelling alone.
        refuse_nul(&String::from_utf8_lossy(&bytes), "\\u0000")?;
        let read = Json::from_request(Request::from_parts(parts, Body::from(bytes)), state).await;
        Ok(Self(read?.0))
    }
}

fn refuse_nul(text: &str, spelling: &str) -> Result<(), ApiError> {
    if text.contains(spelling) { Err(ApiError::bad_request("a NUL character has no place in a request")) } else { Ok(()) }
}
