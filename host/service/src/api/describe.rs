//! What the description of the API says of every operation, so that none has to: how it is refused.
//!
//! A refusal that belongs to one operation alone, such as a conflict, stands with that operation.

use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Response, ResponseBuilder};

/// Everything that can be sent to any operation.
const ALWAYS: &[(u16, &str)] = &[
    (401, "there is no key, or none that counts"),
    (403, "the key may not do that"),
    (429, "too much at once: ask again later"),
    (500, "something went wrong inside"),
    (503, "the service cannot work just now: ask again later"),
];
const READ: (u16, &str) = (400, "the request is wrong");
const FOUND: (u16, &str) = (404, "there is no such thing, or the key may not know of it");
/// To those that read a body.
const SENT: &[(u16, &str)] =
    &[(413, "the body is too large"), (415, "the body is not sent as JSON"), (422, "the body is JSON, and not what is asked for")];

/// Adds refusals to all operations, and gives those that operations name themselves the body that all refusals have.
pub(super) fn refusals(description: &mut OpenApi) {
    for (path, item) in &mut description.paths.paths {
        for operation in operations(item) {
            let brings_body = operation.request_body.is_some();
            let brings_any = brings_body || operation.parameters.as_ref().is_some_and(|parameters| !parameters.is_empty());
            let read = brings_any.then_some(READ);
            let found = path.contains('{').then_some(FOUND);
            let sent = if brings_body { SENT } else { &[] };
            for (status, what) in ALWAYS.iter().chain(sent).copied().chain(read).chain(found) {
                operation.responses.responses.entry(status.to_string()).or_insert_with(|| RefOr::T(Response::new(what)));
            }
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.as_str() >= "400"
                {
                    *response = refusal(status, &response.description);
                }
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten()
}

fn refusal(status: &str, what: &str) -> Response {
    let body = Content::new(Some(Ref::from_schema_name("ErrorBody")));
    let response = ResponseBuilder::new().description(what).content("application/json", body);
    if matches!(status, "429" | "503") {
        let header = HeaderBuilder::new().description(Some("seconds after which it makes sense to ask again")).build();
        return response.header("retry-after", header).build();
    }
    response.build()
}
