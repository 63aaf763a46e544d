//! No evil: asks for the size and the bytes of some links, one of them far too long, and writes what comes.

use crate::Ended;
use crate::behave;
use crate::bindings::ango::converter::{archive, assets};

pub(crate) fn run() -> Ended {
    behave::read_all();
    let long = format!("asset://{}", "x".repeat(1 << 20));
    let file = archive::create("assets.txt");
    for url in ["asset://picture", "asset://none", "asset://secret", "asset://film", "asset://text", "asset://broken", "", &long] {
        let line = format!("{:.20}: {:?}, {:?}\n", url, assets::size(url), assets::read(url));
        file.write(line.as_bytes());
    }
    file.finish();
    Ok(())
}
