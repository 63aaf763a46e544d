//! A client that waits as long as a busy storage asks it to.
//!
//! The library tries again after pauses of its own, and does not look at `Retry-After`: a storage that asks for ten seconds would be asked eight times in them, and then given up.

use object_store::ClientOptions;
use object_store::client::{HttpClient, HttpConnector, HttpError, HttpRequest, HttpResponse, HttpService, ReqwestConnector};
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use std::pin::Pin;
use std::time::Duration;

/// How long one request waits in all. A storage that asks for more is not waited for.
const LONGEST: Duration = Duration::from_secs(90);

/// Makes clients that wait.
#[derive(Debug)]
pub(super) struct PatientConnector;

impl HttpConnector for PatientConnector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(Patient(ReqwestConnector::default().connect(options)?)))
    }
}

/// A client that waits.
#[derive(Debug)]
struct Patient(HttpClient);

impl Patient {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let mut waited = Duration::ZERO;
        loop {
            let response = self.0.execute(request.clone()).await?;
            match pause(&response) {
                Some(pause) if waited + pause <= LONGEST => {
                    drop(response);
                    tokio::time::sleep(pause).await;
                    waited += pause;
                }
                _ => return Ok(response),
            }
        }
    }
}

impl HttpService for Patient {
    // What `async_trait` makes of an async function.
    fn call<'a, 'b>(&'a self, request: HttpRequest) -> Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        Box::pin(self.send(request))
    }
}

/// How long a storage asks to be left alone. Times of day are for browsers; storages say seconds. No time at all is no request to wait.
fn pause(response: &HttpResponse) -> Option<Duration> {
    if !matches!(response.status(), StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS) {
        return None;
    }
    let seconds: u64 = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds)).filter(|pause| !pause.is_zero())
}
