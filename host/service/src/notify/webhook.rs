//! Telling somebody else's server.
//!
//! The body is JSON. `X-Ango-Signature` is `t=SECONDS,v1=HEX`: the HMAC-SHA256, with the webhook's secret, of the time, a dot, and the body. Whoever checks it, and that the time is near, knows that
//! it is from here and no repetition. `X-Ango-Delivery` is the same in each try, for telling repetitions apart.

use super::send::Failed;
use crate::app::App;
use crate::client::client;
use crate::links::hex;
use ango_config::secret;
use ango_jobs::Delivery;
use ango_launch::now;
use aws_lc_rs::hmac;
use reqwest::StatusCode;
use std::time::Duration;

/// How long the other server may take.
const TIME: Duration = Duration::from_secs(20);

/// Sends it.
pub(super) async fn send(app: &App, delivery: &Delivery) -> Result<(), Failed> {
    let live = app.live();
    let name = &delivery.target;
    let Some(webhook) = live.service.webhooks.get(name) else {
        return Err(Failed::ForGood(format!("webhook '{name}' is not in the configuration any more")));
    };
    let secret = secret(webhook.secret_file.as_deref(), "ANGO_EXPORT_WEBHOOK_SECRET", name).map_err(Failed::ForNow)?;
    let Some(secret) = secret else {
        return Err(Failed::ForNow(format!(
            "webhook '{name}' has no secret: set ANGO_EXPORT_WEBHOOK_SECRET_{}",
            name.to_uppercase().replace('-', "_")
        )));
    };
    let body = delivery.payload.to_string();
    let signature = sign(&secret, now() / 1000, &body);
    let request = client()
        .ok_or_else(|| Failed::ForNow("no HTTP client".into()))?
        .post(&webhook.url)
        .timeout(TIME)
        .header("content-type", "application/json")
        .header("x-ango-signature", signature)
        .header("x-ango-delivery", delivery.id.to_string())
        .body(body);
    // The address may hold a token.
    let response = request.send().await.map_err(|error| Failed::ForNow(format!("webhook '{name}': {}", error.without_url())))?;
    match response.status() {
        status if status.is_success() => Ok(()),
        // It is not there any more, and says so.
        StatusCode::GONE => Err(Failed::ForGood(format!("webhook '{name}' answers 410 Gone"))),
        status => Err(Failed::ForNow(format!("webhook '{name}' answers {status}"))),
    }
}

/// The signature of a body that is sent at `time`, in seconds since 1970.
fn sign(secret: &str, time: i64, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{time}.{body}").as_bytes());
    format!("t={time},v1={}", hex(tag.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_what_others_compute() {
        // From `printf '1700000000.{}' | openssl dgst -sha256 -hmac hush`.
        assert_eq!(sign("hush", 1_700_000_000, "{}"), "t=1700000000,v1=763081ea12e3b1f903f958994c023cde07f1224b02a538ad6f959112a2f780ba");
    }
}
