//! What comes from images and goes with them: brush masks, overlays, pages and frames.

use super::*;

/// A file of 10 × 8 pixels in which these boxes have these colours.
fn brush(boxes: &[(u32, u32, u32, u32, [u8; 4])]) -> Vec<u8> {
    let mut data = vec![0; 10 * 8 * 4];
    for &(x0, y0, x1, y1, color) in boxes {
        for y in y0..y1 {
            for x in x0..x1 {
                data[(y * 10 + x) as usize * 4..][..4].copy_from_slice(&color);
            }
        }
    }
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, 10, 8);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&data).unwrap();
    file
}

fn brushed(tools: &[Value]) -> TestKit {
    let mut task = task("a.jpg", tools);
    task["task"]["brushDataUrl"] = json!("https://x.test/brush.png");
    with_colors(kit(&[task]), &[("cat", "#ff0000"), ("mud", "#0000ff"), ("clay", "#00ff00")])
}

#[test]
fn a_brush_mask_is_merged_by_its_colours() {
    let file = brush(&[
        (0, 0, 4, 2, [0, 0, 255, 255]),
        (4, 0, 6, 2, [0, 255, 0, 128]),
        (6, 0, 8, 1, [1, 2, 3, 255]),
        (8, 0, 9, 1, [0, 0, 0, 255]),
        (9, 0, 10, 1, [9, 9, 9, 0]),
    ]);
    let granted = brushed(&[polygon("cat", 1.0, 1.0, 4.0)]).asset_bytes("https://x.test/brush.png", Ok(file));
    let outcome = run_kit(&granted, json!({}));
    assert_eq!(picture(&outcome, "masks/a.png")[..3], ["222233....", "211113....", ".1111....."]);
    assert_eq!(lost(&outcome), [("brush-color-unknown", None)]);
    assert!(outcome.lost[0].detail.starts_with("2 pixels of the brush mask, some #010203,"), "{}", outcome.lost[0].detail);
    let above = run_kit(&granted, json!({"brush": "above"}));
    assert_eq!(picture(&above, "masks/a.png")[..3], ["222233....", "222233....", ".1111....."]);
    let chosen = run_kit(&granted, json!({"brush": "above", "priority": ["cat"], "classes": {"exclude": ["clay"]}, "task": "instance"}));
    assert_eq!(picture(&chosen, "masks/a.png")[..3], ["3333......", "31111.....", ".1111....."]);
    assert_eq!(lost(&chosen), [("brush-color-unknown", None), ("class-excluded", None)]);
    assert!(chosen.text("instances.ndjson").unwrap().contains("\"value\":3,\"object_id\":null,\"class_id\":2,\"class\":\"mud\",\"pixels\":5"));
    let objects = run_kit(&granted, json!({"task": "object"}));
    assert!(objects.files.contains_key("masks/a/brush-2.png") && objects.files.contains_key("masks/a/o0.png"));
}

#[test]
fn a_brush_mask_that_is_not_merged_is_reported() {
    let detail = |kit: &TestKit, options: Value| {
        let outcome = run_kit(kit, options);
        assert_eq!(outcome.codes(), [("brush-unsupported", 1)].into());
        outcome.lost[0].detail.clone()
    };
    let kit = brushed(&[polygon("cat", 1.0, 1.0, 4.0)]);
    assert!(detail(&kit, json!({})).contains("needs the grant `assets`"));
    assert!(detail(&kit, json!({"brush": "skip"})).contains("left out by option `brush`"));
    let with = |bytes| kit.clone().asset_bytes("https://x.test/brush.png", bytes);
    assert!(detail(&with(Err(FetchError::NotFound)), json!({})).contains("NotFound"));
    assert!(detail(&with(Ok(b"GIF89a".to_vec())), json!({})).contains("no valid PNG"));
    let whole = brush(&[]);
    assert!(detail(&with(Ok(whole[..60].to_vec())), json!({})).contains("no valid PNG"));
    let mut small = kit.clone().asset_bytes("https://x.test/brush.png", Ok(whole));
    small.tasks_mut()[0].asset.width = Some(40);
    assert!(detail(&small, json!({})).contains("10 x 8 pixels, and the image 40 x 8"));
    small.tasks_mut()[0].asset.width = Some(5);
    assert!(detail(&small, json!({})).contains("more pixels than allowed"));
}

#[test]
fn overlays_show_the_image_through_its_classes() {
    let picture = brush(&[(0, 0, 10, 8, [100, 200, 0, 255])]);
    let kit = with_colors(kit(&[task("a.png", &[polygon("cat", 1.0, 1.0, 4.0)])]), &[("cat", "#ff0000")]);
    let granted = kit.clone().asset_bytes("https://x.test/a.png", Ok(picture));
    let outcome = run_kit(&granted, json!({"overlay": true, "outlines": 1, "task": "semantic"}));
    let (rows, color, _) = read(&outcome, "overlays/a.png");
    assert_eq!((rows[0][7], rows[4][2], rows[2][2], color), (0x64c800, 0xffffff, 0xb16400, png::ColorType::Rgb));
    assert_eq!(outcome.lost, []);
    for (kit, reason) in [
        (kit.clone(), "needs the grant `assets`"),
        (kit.clone().asset_bytes("https://x.test/a.png", Ok(b"\xff\xd8\xff".to_vec())), "no PNG file"),
        (kit.clone().asset_bytes("https://x.test/a.png", Ok(brush(&[])[..50].to_vec())), "no valid PNG file"),
    ] {
        let outcome = run_kit(&kit, json!({"overlay": true}));
        assert_eq!(outcome.codes(), [("overlay-unsupported", 1)].into());
        assert!(outcome.lost[0].detail.contains(reason), "{}", outcome.lost[0].detail);
        assert!(outcome.files.contains_key("masks/a.png") && !outcome.files.contains_key("overlays/a.png"));
    }
}

#[test]
fn pages_and_frames_have_masks_and_tracks_their_numbers() {
    let on = |mut tool: Value, page: u32, id: &str| {
        (tool["page"], tool["objectId"]) = (json!(page), json!(id));
        tool
    };
    let tools = [
        on(polygon("cat", 0.0, 0.0, 1.0), 4, "late"),
        on(polygon("cat", 0.0, 0.0, 1.0), 2, "track"),
        on(polygon("cat", 1.0, 0.0, 1.0), 4, "track"),
        on(polygon("cat", 3.0, 0.0, 1.0), 4, "track"),
    ];
    let mut video = task("v.mp4", &tools);
    video["metadata"]["frameRate"] = json!(25);
    video["task"]["brushDataUrl"] = json!("b");
    let mut pages = task("d/p.tif", &[on(polygon("cat", 0.0, 0.0, 1.0), 1, "p")]);
    pages["dataset"] = json!(["u/1.png", "u/2.png", "u/3.png"]);
    let outcome = run_kit(&kit(&[video, pages]), json!({"task": "instance", "overlay": true, "on_missing_size": "skip"}));
    let paths: Vec<&str> = outcome.files.keys().map(String::as_str).filter(|path| path.starts_with("masks/")).collect();
    assert_eq!(
        paths,
        ["masks/d/p.tif/000001.png", "masks/d/p.tif/000002.png", "masks/d/p.tif/000003.png", "masks/v.mp4/000003.png", "masks/v.mp4/000005.png"]
    );
    assert_eq!((&picture(&outcome, paths[3])[0], &picture(&outcome, paths[4])[0]), (&"2.........".to_owned(), &"12.2......".to_owned()));
    assert_eq!(outcome.codes(), [("brush-unsupported", 1), ("overlay-unsupported", 4), ("parts-merged", 1), ("size-assumed", 1)].into());
}
