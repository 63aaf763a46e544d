//! Telling people by e-mail: that their export is ready, with links that need no key.

use super::send::Failed;
use crate::api::view::ExportView;
use crate::api::{ObjectLink, links_of, links_of_uploads};
use crate::app::App;
use ango_config::{Smtp, SmtpSecurity, secret};
use ango_jobs::{DatabaseError, Delivery};
use lettre::message::header::{ContentType, MIME_VERSION_1_0};
use lettre::transport::smtp::authentication::Credentials;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::Duration;

/// How long the mail server may take for a step.
const TIME: Duration = Duration::from_secs(20);

/// The address that a key is named by, when it is: `ada@example.com (1a2b3c4d)`.
pub(super) fn address(actor: &str) -> Option<String> {
    let name = actor.rsplit_once(" (").map_or(actor, |(name, _)| name);
    let (local, domain) = name.split_once('@')?;
    let good = !local.is_empty() && domain.contains('.') && !name.contains(char::is_whitespace) && !name.contains(char::is_control);
    good.then(|| name.to_owned())
}

/// Sends it.
pub(super) async fn send(app: &App, delivery: &Delivery) -> Result<(), Failed> {
    let live = app.live();
    let Some(smtp) = &live.service.smtp else { return Err(Failed::ForGood("there is no mail server in the configuration any more".into())) };
    let text = text(app, delivery).await?;
    let title = delivery.payload["title"].as_str().unwrap_or("Export");
    let project = delivery.payload["project"].as_str().unwrap_or_default();
    let message = Message::builder()
        .from(smtp.from.parse().map_err(|error| Failed::ForGood(format!("from '{}': {error}", smtp.from)))?)
        .to(delivery.target.parse().map_err(|error| Failed::ForGood(format!("to '{}': {error}", delivery.target)))?)
        .subject(format!("{title}: {project}"))
        .message_id(Some(format!(
            "<{}.{}@ango-export>",
            delivery.id,
            delivery.payload["export"].as_str().or(delivery.payload["session"].as_str()).unwrap_or_default()
        )))
        // Without it, how the text is encoded counts for nothing, and links are shown with the signs of the encoding in them.
        .header(MIME_VERSION_1_0)
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(|error| Failed::ForGood(error.to_string()))?;
    match transport(smtp)?.send(message).await {
        Ok(_) => Ok(()),
        Err(error) => Err(failed(smtp, &error)),
    }
}

/// What the answer of a mail server, or that there is none, means for the mail.
fn failed(smtp: &Smtp, error: &lettre::transport::smtp::Error) -> Failed {
    let host = &smtp.host;
    match error.status().map(u16::from) {
        // These are about who hands mail in, and not about the mail: it goes out when the settings are right.
        Some(530 | 534 | 535 | 538) => {
            let user = smtp.user.as_deref().unwrap_or("nobody");
            Failed::ForNow(format!("the mail server {host} does not let {user} in (user and password of service.smtp): {error}"))
        }
        _ if error.is_permanent() => Failed::ForGood(format!("the mail server {host} refuses it: {error}")),
        _ => Failed::ForNow(format!("the mail server {host}: {error}")),
    }
}

/// Whether mail can be sent with these settings, as far as that can be seen without a server.
pub(super) fn check(smtp: &Smtp) -> Result<(), String> {
    let from = smtp.from.parse::<lettre::message::Mailbox>();
    from.map(|_| ()).map_err(|error| format!("from '{}': expected an address such as exports@example.com: {error}", smtp.from))
}

fn transport(smtp: &Smtp) -> Result<AsyncSmtpTransport<Tokio1Executor>, Failed> {
    let wrong = |error: lettre::transport::smtp::Error| Failed::ForNow(format!("the mail server {}: {error}", smtp.host));
    let builder = match smtp.security {
        SmtpSecurity::Tls => AsyncSmtpTransport::<Tokio1Executor>::relay(&smtp.host).map_err(wrong)?,
        SmtpSecurity::Starttls => AsyncSmtpTransport::<Tokio1Executor>::starttls_relay(&smtp.host).map_err(wrong)?,
        SmtpSecurity::None => AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&smtp.host),
    };
    let builder = builder.timeout(Some(TIME));
    let builder = match smtp.port {
        Some(port) => builder.port(port),
        None => builder,
    };
    let Some(user) = &smtp.user else { return Ok(builder.build()) };
    match secret(smtp.password_file.as_deref(), "ANGO_EXPORT_SMTP_PASSWORD", "").map_err(Failed::ForNow)? {
        Some(password) => Ok(builder.credentials(Credentials::new(user.clone(), password)).build()),
        None => Err(Failed::ForNow("the mail server wants a password: set ANGO_EXPORT_SMTP_PASSWORD".into())),
    }
}

/// The links are signed when the mail is sent, so that their time begins when somebody can use them.
async fn text(app: &App, delivery: &Delivery) -> Result<String, Failed> {
    let payload = &delivery.payload;
    let word = |name: &str| payload[name].as_str().unwrap_or_default();
    let mut text = format!("{}\n\nProject: {}\n{}\n\n{}\n", word("title"), word("project"), word("message"), word("page"));
    let archives: Vec<_> = links(app, delivery).await?.into_iter().filter(|link| link.bytes.is_some()).collect();
    if let Some(first) = archives.first() {
        text.push_str(&format!("\nDownload, until {}:\n", first.expires_at));
    }
    for link in archives {
        text.push_str(&format!("{}\n  {}\n", link.of, link.url));
    }
    Ok(text)
}

/// Links to what the mail is about.
async fn links(app: &App, delivery: &Delivery) -> Result<Vec<ObjectLink>, Failed> {
    let word = |name: &str| delivery.payload[name].as_str().unwrap_or_default();
    let cannot = |error: DatabaseError| Failed::ForNow(error.to_string());
    let links = if word("session").is_empty() {
        let export = app.database.get(&delivery.organisation, word("export")).await.map_err(cannot)?;
        match export.as_ref().and_then(|export| Some((export, ExportView::of(export).result?))) {
            Some((export, result)) => links_of(app, export, &result).await,
            None => Ok(Vec::new()),
        }
    } else {
        links_of_uploads(app, app.database.uploads(word("session")).await.map_err(cannot)?).await
    };
    links.map_err(|error| Failed::ForNow(error.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_named_by_an_address_get_mail() {
        assert_eq!(address("ada@example.com (1a2b3c4d)"), Some("ada@example.com".into()));
        for name in ["ci robot (1a2b3c4d)", "@example.com (1)", "ada@local (1)", "a b@example.com (1)", ""] {
            assert_eq!(address(name), None, "{name}");
        }
    }
}
