#![allow(warnings, clippy::all, missing_docs)]
macro_rules! fuzz_target { (|$x:ident: $t:ty| $body:block) => {
    pub fn run(bytes: &[u8]) { let Ok($x) = <$t as arbitrary::Arbitrary>::arbitrary_take_rest(arbitrary::Unstructured::new(bytes)) else { return }; $body }
} }
mod mutant; mod trust; mod path; mod scan; mod install;
use std::time::{Duration, Instant};
struct R(u64);
impl R { fn n(&mut self) -> u64 { self.0 ^= self.0 << 13; self.0 ^= self.0 >> 7; self.0 ^= self.0 << 17; self.0 }
 fn b(&mut self, n: usize) -> usize { (self.n() % n.max(1) as u64) as usize } }
fn mutate(r: &mut R, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut v = seeds[r.b(seeds.len())].clone();
    for _ in 0..1 + r.b(8) {
        let at = r.b(v.len() + 1);
        match r.b(8) {
            0 => { if at < v.len() { v[at] ^= 1 << r.b(8); } }
            1 => { if at < v.len() { v[at] = r.n() as u8; } }
            2 => { let end = (at + r.b(12)).min(v.len()); v.drain(at..end); }
            3 => { let n = r.b(12); let new: Vec<u8> = (0..n).map(|_| r.n() as u8).collect(); v.splice(at..at, new); }
            4 => { let end = (at + r.b(80)).min(v.len()); let piece = v[at..end].to_vec(); let to = r.b(v.len() + 1); v.splice(to..to, piece); }
            5 => { let other = &seeds[r.b(seeds.len())]; let a = r.b(other.len() + 1); let e = (a + r.b(120)).min(other.len()); let p = other[a..e].to_vec(); v.splice(at..at, p); }
            6 => { const T: [&[u8]; 14] = [b"\"", b"null", b"-1", b"18446744073709551616", b"1e999", b"\n", b"[", b"{}", b"\xff", b"sha256:", b"/", b"..", b"\xcc\x81", b"\xff\xff\xff\xff\x0f"]; let t = T[r.b(14)].to_vec(); v.splice(at..at, t); }
            _ => { let n = r.b(200); let new: Vec<u8> = (0..n).map(|_| r.n() as u8).collect(); v.extend(new); }
        }
    }
    v.truncate(1 << 16);
    v
}
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let d = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut all: Vec<_> = std::fs::read_dir(d).unwrap().map(|e| std::fs::read(e.unwrap().path()).unwrap()).collect();
    if name == "scan" { all.push(include_bytes!("../../fixtures/contracts/0.1/boxes-csv.wasm")[8..60000].to_vec()); all.push(wat::parse_str(include_str!("../../fixtures/bad-plugins/good.wat")).unwrap()[8..].to_vec()); }
    if name == "install" { all.push(vec![0; 100]); }
    all
}
fn drive(name: &str, run: fn(&[u8])) {
    let minutes: f64 = std::env::var("MINUTES").unwrap().parse().unwrap();
    let mut r = R(std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x9e3779b97f4a7c15));
    let seeds = seeds(name);
    let (start, mut runs, mut slowest) = (Instant::now(), 0u64, Duration::ZERO);
    for s in &seeds { run(s); }
    while start.elapsed() < Duration::from_secs_f64(minutes * 60.0) {
        let v = if name == "install" { let n = 16 + r.b(3000); let mut v: Vec<u8> = (0..n).map(|_| r.n() as u8).collect(); if r.b(3) > 0 { let k = (r.n() % (u32::MAX as u64 * 3 / 7)) as u32; v[..4].copy_from_slice(&k.to_le_bytes()); v.truncate(6 + r.b(60)); } v } else { mutate(&mut r, &seeds) };
        let t = Instant::now();
        if let Err(_) = std::panic::catch_unwind(|| run(&v)) {
            let f = format!("/tmp/hostile/crash-{name}-{runs}"); std::fs::write(&f, &v).unwrap(); eprintln!("CRASH {f}");
        }
        slowest = slowest.max(t.elapsed());
        runs += 1;
    }
    eprintln!("RUNS {name} {runs} in {minutes} min, slowest {slowest:?}");
}
#[test] fn d_trust() { drive("trust", trust::run) }
#[test] fn d_path() { drive("path", path::run) }
#[test] fn d_scan() { drive("scan", scan::run) }
#[test] fn d_install() { drive("install", install::run) }
