//! One picture with one archive's annotations over it, as inline SVG.

use super::compare::Paired;
use super::html::{escape, short};
use super::labels::{HEIGHT, LETTERS, Labels};
use super::shape::{Form, Shape};
use crate::demo::geometry::Point;
use std::fmt::Write;

/// Where the pixels of the picture come from.
#[derive(Debug, Clone, Copy)]
pub enum Backdrop<'a> {
    /// A `data:` URL, kept under this number for the other side.
    Embed(usize, &'a str),
    /// The picture that the other side embedded under this number.
    Reuse(usize),
    /// No picture.
    None,
}

/// The SVG of one side; `class_number` gives a class's number in the style sheet.
pub fn svg(size: (u32, u32), backdrop: Backdrop<'_>, shapes: &[Paired], title: &str, class_number: impl Fn(&str) -> usize) -> String {
    let (width, height) = size;
    let mut svg = format!(
        "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\" style=\"aspect-ratio:{}/{}\">",
        escape(title),
        width.max(1),
        height.max(1),
    );
    let _ = match backdrop {
        Backdrop::Embed(number, url) => {
            write!(svg, "<image id=\"picture-{number}\" width=\"{width}\" height=\"{height}\" href=\"{}\"/>", escape(url))
        }
        Backdrop::Reuse(number) => write!(svg, "<use href=\"#picture-{number}\"/>"),
        Backdrop::None => write!(svg, "<rect class=\"void\" width=\"{width}\" height=\"{height}\"/>"),
    };
    let mut labels = Labels::over(size);
    let mut texts = vec![String::new(); shapes.len()];
    // The small objects choose first: the large ones have more room to offer.
    for (text, paired) in texts.iter_mut().zip(shapes).rev() {
        *text = label(&mut labels, &paired.shape);
    }
    for paired in shapes {
        let class = class_number(&paired.shape.class);
        let _ = write!(
            svg,
            "<g class=\"a c{class}{}\" data-k=\"{}\" data-t=\"{}\">{}</g>",
            if paired.shared { "" } else { " lone" },
            paired.number,
            escape(&describe(&paired.shape)),
            geometry(&paired.shape),
        );
    }
    // Labels lie over all shapes, and do not stand between the pointer and a shape.
    for (text, paired) in texts.iter().zip(shapes) {
        let class = class_number(&paired.shape.class);
        let lone = if paired.shared { "" } else { " lone" };
        let _ = write!(svg, "<g class=\"l c{class}{lone}\" data-k=\"{}\">{text}</g>", paired.number);
    }
    svg.push_str("</svg>");
    svg
}

fn geometry(shape: &Shape) -> String {
    let b = shape.bounds;
    match &shape.form {
        Form::Box => format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
            short(b.left),
            short(b.top),
            short(b.width().max(0.0)),
            short(b.height().max(0.0)),
        ),
        Form::Union(rings) => {
            let path: String = rings.iter().map(|ring| ring_path(ring, true)).collect();
            format!("<path d=\"{path}\"/>")
        }
        Form::Bridged(ring) => format!("<path fill-rule=\"evenodd\" d=\"{}\"/>", ring_path(ring, false)),
        Form::Mask(path) => format!("<path fill-rule=\"evenodd\" d=\"{path}\"/>"),
        Form::Points(points) => points.iter().map(|&[x, y]| format!("<circle cx=\"{}\" cy=\"{}\" r=\"6\"/>", short(x), short(y))).collect(),
    }
}

/// The path of a ring. With `one_way` all rings turn the same way, so that the non-zero rule unites them.
fn ring_path(ring: &[Point], one_way: bool) -> String {
    let turned: f64 = ring.iter().zip(ring.iter().cycle().skip(1)).map(|(from, to)| from[0] * to[1] - to[0] * from[1]).sum();
    let mut path = String::new();
    let mut add = |[x, y]: Point| {
        path.push(if path.is_empty() { 'M' } else { 'L' });
        path.push_str(&short(x));
        path.push(' ');
        path.push_str(&short(y));
    };
    if one_way && turned < 0.0 {
        ring.iter().rev().for_each(|&point| add(point));
    } else {
        ring.iter().for_each(|&point| add(point));
    }
    path.push('z');
    path
}

fn label(labels: &mut Labels, shape: &Shape) -> String {
    let (spot, crowded) = labels.place(&shape.class, &shape.bounds);
    format!(
        "<g{}><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{HEIGHT}\" rx=\"4\"/><text x=\"{}\" y=\"{}\" font-size=\"{LETTERS}\" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\">{}</text></g>",
        if crowded { " class=\"crowded\"" } else { "" },
        short(spot.left),
        short(spot.top),
        short(spot.width()),
        short(spot.left + 5.0),
        short(spot.top + 13.4),
        // Whatever font there is, the text fills its label.
        short(spot.width() - 10.0),
        escape(&shape.class),
    )
}

/// What is shown when the annotation is pointed at.
fn describe(shape: &Shape) -> String {
    let b = shape.bounds;
    let form = match &shape.form {
        Form::Box => "box".to_owned(),
        Form::Union(rings) if rings.len() == 1 => format!("outline of {} points", rings[0].len()),
        Form::Union(rings) => format!("{} outlines", rings.len()),
        Form::Bridged(ring) => format!("outline of {} points", ring.len()),
        Form::Mask(path) => format!("pixel mask, {} loops", path.matches('z').count()),
        Form::Points(points) => format!("{} points", points.len()),
    };
    let place = format!("{} × {} at {}, {}", short(b.width()), short(b.height()), short(b.left), short(b.top));
    if shape.note.is_empty() { format!("{form}, {place}") } else { format!("{form}, {place} · {}", shape.note) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::geometry::Bounds;

    fn paired(class: &str, note: &str, form: Form) -> Paired {
        let bounds = Bounds { left: 1.0, top: 2.0, right: 4.0, bottom: 6.0 };
        let shape = Shape { class: class.to_owned(), form, bounds, note: note.to_owned() };
        Paired { shape, number: 7, shared: true }
    }

    #[test]
    fn hostile_texts_cannot_leave_their_attribute_or_element() {
        let shapes = [paired("</text><script>x</script>", "\" onload=\"x", Form::Box)];
        let svg = svg((10, 10), Backdrop::None, &shapes, "\"><script>", |_| 0);
        assert!(!svg.contains("<script") && !svg.contains("\" onload"), "{svg}");
        assert!(svg.contains("&lt;script&gt;x&lt;/script&gt;"), "{svg}");
    }

    #[test]
    fn rings_that_turn_against_each_other_are_still_united() {
        let ring = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]];
        let mut turned = ring.clone();
        turned.reverse();
        let path = geometry(&paired("a", "", Form::Union(vec![ring, turned])).shape);
        assert_eq!(path, "<path d=\"M0 0L2 0L2 2zM0 0L2 0L2 2z\"/>");
    }
}
