//! The page as a whole: header, legend, one card per picture, and the two loss reports.

use super::compare::{Comparison, Paired, Row};
use super::html::escape;
use super::overlay::{self, Backdrop};
use super::project::Project;
use super::report::Report;
use std::fmt::Write;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// Titles of the two sides.
const SIDES: [&str; 2] = ["COCO", "YOLO"];

/// The HTML of the page; `reports` are those of COCO and YOLO.
pub fn page(project: &Project, comparison: &Comparison, reports: &[Report; 2]) -> String {
    let name = escape(&project.name);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{name}: COCO and YOLO side by side</title>\n<style>\n{STYLE}{}</style>\n</head>\n<body>\n",
        class_styles(project, comparison),
    );
    header(&mut html, &name, comparison, reports);
    toolbar(&mut html, comparison);
    html.push_str("<main>\n");
    problems(&mut html, &comparison.problems);
    for (index, row) in comparison.rows.iter().enumerate() {
        card(&mut html, project, comparison, index, row);
    }
    html.push_str("<section class=\"losses\" id=\"losses\">\n<h2>What did not fit</h2>\n\
        <p class=\"lead\">A converter that drops or simplifies something says so, with a stable code. These are the reports of the two runs.</p>\n<div class=\"pair\">\n");
    for (side, report) in SIDES.iter().zip(reports) {
        loss_table(&mut html, side, report);
    }
    let _ = write!(html, "</div>\n</section>\n</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n");
    html
}

/// One rule per class: its colour, and the colour of letters that can be read on it.
fn class_styles(project: &Project, comparison: &Comparison) -> String {
    let mut rules = String::new();
    for (index, class) in comparison.classes.iter().enumerate() {
        let colour = project.colour(class, index);
        let _ = writeln!(rules, ".c{index} {{ --c: {colour}; --on: {}; }}", ink(colour));
    }
    rules
}

/// Black or white, whichever is easier to read on `#rrggbb`.
fn ink(colour: &str) -> &'static str {
    let channel = |at: usize| colour.get(at..at + 2).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0);
    // Rec. 601 luma, in thousandths.
    let luma = channel(1) * 299 + channel(3) * 587 + channel(5) * 114;
    if luma > 150_000 { "#111" } else { "#fff" }
}

fn sides(row: &Row) -> [&[Paired]; 2] {
    [&row.coco, row.yolo.as_deref().unwrap_or_default()]
}

fn header(html: &mut String, name: &str, comparison: &Comparison, reports: &[Report; 2]) {
    let count = |side: usize| comparison.rows.iter().map(|row| sides(row)[side].len()).sum::<usize>() as u64;
    let _ = write!(
        html,
        "<header class=\"top\">\n<p class=\"eyebrow\">ango-export demo</p>\n<h1>{name}</h1>\n\
         <p class=\"lead\">One project, two converters. Every picture is shown twice: left with what the COCO archive holds, right with what \
         the YOLO archive holds. Both were read back from the converted files; nothing on this page comes from the original annotations.</p>\n\
         <dl class=\"stats\">\n"
    );
    let stats = [
        ("pictures", comparison.rows.len() as u64, String::new()),
        ("classes", comparison.classes.len() as u64, String::new()),
        ("COCO annotations", count(0), format!("of {} objects", reports[0].objects)),
        ("YOLO rows", count(1), format!("of {} objects", reports[1].objects)),
        ("in both", comparison.rows.iter().map(|row| row.shared as u64).sum(), agreement(comparison)),
        ("reported losses", reports[0].losses + reports[1].losses, format!("{} COCO, {} YOLO", reports[0].losses, reports[1].losses)),
    ];
    for (label, value, more) in stats {
        let _ = writeln!(html, "<div><dt>{label}</dt><dd>{value}</dd><dd class=\"more\">{more}</dd></div>");
    }
    html.push_str("</dl>\n</header>\n");
}

fn agreement(comparison: &Comparison) -> String {
    let shared: usize = comparison.rows.iter().map(|row| row.shared).sum();
    let total: f64 = comparison.rows.iter().map(|row| row.agreement * row.shared as f64).sum();
    if shared == 0 { String::new() } else { format!("boxes agree to {}", percent(total / shared as f64)) }
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn toolbar(html: &mut String, comparison: &Comparison) {
    html.push_str("<nav class=\"bar\" aria-label=\"Legend and view\">\n<div class=\"legend\">\n");
    for (index, class) in comparison.classes.iter().enumerate() {
        let counts = [0, 1].map(|side| comparison.rows.iter().flat_map(|row| sides(row)[side]).filter(|paired| paired.shape.class == *class).count());
        let _ = writeln!(
            html,
            "<button type=\"button\" class=\"chip c{index}{}\" data-c=\"{index}\" aria-pressed=\"true\" title=\"{} in COCO, {} in YOLO\">\
             <i></i>{} <span>{} | {}</span></button>",
            if counts == [0, 0] { " none" } else { "" },
            counts[0],
            counts[1],
            escape(class),
            counts[0],
            counts[1],
        );
    }
    html.push_str(
        "</div>\n<div class=\"switches\">\n\
         <label><input type=\"checkbox\" id=\"labels\" checked> Labels</label>\n\
         <label><input type=\"checkbox\" id=\"fills\" checked> Fills</label>\n\
         <label><input type=\"checkbox\" id=\"lone\"> Only what one side lacks</label>\n\
         <a href=\"#losses\">Losses</a>\n</div>\n</nav>\n",
    );
}

fn problems(html: &mut String, problems: &[String]) {
    if problems.is_empty() {
        return;
    }
    let _ = writeln!(html, "<details class=\"problems\" open><summary>{} things could not be read or paired</summary><ul>", problems.len());
    for problem in problems.iter().take(50) {
        let _ = writeln!(html, "<li>{}</li>", escape(problem));
    }
    if problems.len() > 50 {
        let _ = writeln!(html, "<li>and {} more</li>", problems.len() - 50);
    }
    html.push_str("</ul></details>\n");
}

fn card(html: &mut String, project: &Project, comparison: &Comparison, index: usize, row: &Row) {
    let picture = project.picture(&row.asset);
    let badge = match (row.shared, row.coco.len() + sides(row)[1].len()) {
        (_, 0) => "not annotated".to_owned(),
        (0, _) => "nothing in both".to_owned(),
        (shared, _) => format!("{shared} in both, boxes agree to {}", percent(row.agreement)),
    };
    let _ = write!(
        html,
        "<article class=\"card\" id=\"p{0}\">\n<header><span class=\"number\">{0}</span><h2>{1}</h2><span class=\"size\">{2} × {3}</span>\
         <span class=\"badge\">{badge}</span></header>\n",
        index + 1,
        escape(&row.name),
        row.size.0,
        row.size.1,
    );
    if let Err(problem) = &picture {
        let _ = writeln!(html, "<p class=\"problem\">The picture is not shown: {}</p>", escape(problem));
    }
    html.push_str("<div class=\"pair\">\n");
    for (side, title) in SIDES.iter().enumerate() {
        let shapes = sides(row)[side];
        let backdrop = match &picture {
            Ok(url) if side == 0 => Backdrop::Embed(index, url),
            Ok(_) => Backdrop::Reuse(index),
            Err(_) => Backdrop::None,
        };
        let class_number = |class: &str| comparison.classes.iter().position(|other| other == class).unwrap_or(0);
        let svg = overlay::svg(row.size, backdrop, shapes, &format!("{title} annotations of {}", row.name), class_number);
        let lone = shapes.iter().filter(|paired| !paired.shared).count();
        let more = match (side, lone) {
            (1, _) if row.yolo.is_none() => " · picture not in the archive".to_owned(),
            (_, 0) => String::new(),
            (_, lone) => format!(" · {lone} only here"),
        };
        let unit = match (side, shapes.len()) {
            (0, 1) => "annotation",
            (0, _) => "annotations",
            (_, 1) => "row",
            _ => "rows",
        };
        let _ = writeln!(
            html,
            "<figure data-side=\"{title}\"><figcaption><b>{title}</b> <span>{} {unit}{more}</span></figcaption>{svg}</figure>",
            shapes.len(),
        );
    }
    let annotated = sides(row).iter().any(|shapes| !shapes.is_empty());
    html.push_str(if annotated { "</div>\n<p class=\"read\" aria-live=\"polite\"></p>\n</article>\n" } else { "</div>\n</article>\n" });
}

fn loss_table(html: &mut String, side: &str, report: &Report) {
    let _ = write!(
        html,
        "<div class=\"report\">\n<h3>{side} <span>{}</span></h3>\n\
         <p>Result <b>{}</b> · {} tasks · {} objects · <b>{}</b> losses</p>\n",
        escape(&report.plugin),
        escape(&report.result),
        report.tasks,
        report.objects,
        report.losses,
    );
    if report.codes.is_empty() {
        html.push_str("<p class=\"fine\">Nothing was lost.</p>\n</div>\n");
        return;
    }
    let most = report.codes.iter().map(|code| code.count).max().unwrap_or(1).max(1);
    html.push_str("<table>\n<thead><tr><th>Code</th><th class=\"count\">Count</th><th>For example</th></tr></thead>\n<tbody>\n");
    for code in &report.codes {
        let _ = write!(
            html,
            "<tr><td><code>{}</code></td><td class=\"count\"><span class=\"meter\" style=\"--w:{:.3}\"></span>{}</td><td>",
            escape(&code.code),
            code.count as f64 / most as f64,
            code.count,
        );
        if let Some((place, detail)) = code.examples.first() {
            let _ = write!(html, "{}<small>{}</small>", escape(detail), escape(place));
        }
        if code.examples.len() > 1 {
            let _ = write!(html, "<details><summary>{} more</summary><ul>", code.examples.len() - 1);
            for (place, detail) in code.examples.iter().skip(1).take(20) {
                let _ = write!(html, "<li>{}<small>{}</small></li>", escape(detail), escape(place));
            }
            html.push_str("</ul></details>");
        }
        html.push_str("</td></tr>\n");
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_contrast_with_their_label() {
        assert_eq!(ink("#ffffff"), "#111");
        assert_eq!(ink("#eab308"), "#111");
        assert_eq!(ink("#2f6fed"), "#fff");
        assert_eq!(ink("#"), "#fff");
    }

    #[test]
    fn reports_are_escaped() {
        let report = super::super::report::Report {
            plugin: "<b>p</b>".to_owned(),
            losses: 1,
            codes: vec![super::super::report::Code {
                code: "<i>".to_owned(),
                count: 1,
                examples: vec![("task 0".to_owned(), "<script>".to_owned())],
            }],
            ..super::super::report::Report::default()
        };
        let mut html = String::new();
        loss_table(&mut html, "COCO", &report);
        assert!(!html.contains("<script>") && !html.contains("<i>") && !html.contains("<b>p"), "{html}");
    }
}
