//! `ango-contract-reference WIT PAGE`: writes the page.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [wit, page] = args.as_slice() else {
        eprintln!("ango-contract-reference: expected the WIT file and the page to write (`cargo xtask docs` gives both)");
        return ExitCode::from(2);
    };
    let text = std::fs::read_to_string(wit).map_err(|error| format!("{wit}: {error}"));
    let made = text.and_then(|text| ango_contract_reference::reference(wit, &text).map_err(|error| error.to_string()));
    match made.and_then(|made| std::fs::write(page, made).map_err(|error| format!("{page}: {error}"))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("ango-contract-reference: {problem}");
            ExitCode::FAILURE
        }
    }
}
