//! A confined process tries what somebody would try who has taken it over.

use super::Confinement;
use crate::child::ChildProgram;
use crate::child::process::{Patience, Process};
use crate::shared::Cancel;
use std::fs::File;
use std::io::{self, BufRead};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::{Duration, Instant};

/// The line before what a probe says.
const BEGIN: &str = "begin";

/// What an attempt came to: nothing, or the number of the error.
fn outcome<T>(result: io::Result<T>) -> String {
    result.map_or_else(|error| error.raw_os_error().map_or_else(|| error.to_string(), |number| number.to_string()), |_| "done".to_owned())
}

fn called(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// What an ordinary process can do, and a confined one must not.
fn forbidden(port: u16, file: &str) -> Vec<(&'static str, String)> {
    vec![
        ("open a file", outcome(File::open(file))),
        ("write a file", outcome(File::create(format!("{file}.new")))),
        ("read the environment of the process", outcome(File::open("/proc/self/environ"))),
        ("connect", outcome(TcpStream::connect(("127.0.0.1", port)))),
        ("listen", outcome(TcpListener::bind("127.0.0.1:0"))),
        ("send a datagram", outcome(UdpSocket::bind("127.0.0.1:0"))),
        ("make a pair of sockets", outcome(UnixStream::pair())),
        ("start a program", outcome(Command::new("/bin/true").status())),
    ]
}

/// System calls with arguments that are wrong in other ways: what they fail with shows who refused them.
fn calls() -> Vec<(&'static str, libc::c_long)> {
    vec![
        ("bpf", libc::SYS_bpf),
        ("chroot", libc::SYS_chroot),
        ("execveat", libc::SYS_execveat),
        ("io_uring_setup", libc::SYS_io_uring_setup),
        ("keyctl", libc::SYS_keyctl),
        ("kill", libc::SYS_kill),
        ("mount", libc::SYS_mount),
        ("move_mount", libc::SYS_move_mount),
        ("open_by_handle_at", libc::SYS_open_by_handle_at),
        ("openat2", libc::SYS_openat2),
        ("perf_event_open", libc::SYS_perf_event_open),
        ("pidfd_getfd", libc::SYS_pidfd_getfd),
        ("pidfd_open", libc::SYS_pidfd_open),
        ("pidfd_send_signal", libc::SYS_pidfd_send_signal),
        ("process_vm_readv", libc::SYS_process_vm_readv),
        ("process_vm_writev", libc::SYS_process_vm_writev),
        ("ptrace", libc::SYS_ptrace),
        ("recvmsg", libc::SYS_recvmsg),
        ("rt_sigqueueinfo", libc::SYS_rt_sigqueueinfo),
        ("seccomp", libc::SYS_seccomp),
        ("sendmsg", libc::SYS_sendmsg),
        ("setns", libc::SYS_setns),
        ("setuid", libc::SYS_setuid),
        ("shmget", libc::SYS_shmget),
        ("socket", libc::SYS_socket),
        ("symlinkat", libc::SYS_symlinkat),
        ("unlinkat", libc::SYS_unlinkat),
        ("unshare", libc::SYS_unshare),
        ("userfaultfd", libc::SYS_userfaultfd),
    ]
}

/// Runs in a process of its own, which gets a port and a file, confines itself and tries.
#[test]
#[ignore = "confines the process that it runs in"]
fn probe() {
    let mut line = String::new();
    let _ = io::stdin().lock().read_line(&mut line);
    let mut words = line.split_whitespace();
    let (port, file) = (words.next().and_then(|port| port.parse().ok()).unwrap_or(0), words.next().unwrap_or_default().to_owned());
    let threads = words.next() == Some("threads");
    let memory = Some(256 << 20);
    if let Err(problem) = (Confinement { threads, memory, ..Confinement::default() }).apply() {
        println!("not confined: {problem}");
        std::process::exit(1);
    }
    println!("\n{BEGIN}");
    for (name, outcome) in forbidden(port, &file) {
        println!("{name}: {outcome}");
    }
    for (name, call) in calls() {
        // SAFETY: with these arguments none of the calls can touch memory, and they are refused before anybody looks at them.
        println!("call {name}: {}", outcome(called(unsafe { libc::syscall(call, -1, 0, 0, 0, 0, 0) })));
    }
    // SAFETY: as above, and the child of a fork that succeeds does nothing but end.
    let forked = unsafe { libc::fork() };
    if forked == 0 {
        // SAFETY: ends this process.
        unsafe { libc::_exit(0) };
    }
    println!("fork: {}", outcome(called(libc::c_long::from(forked))));
    // SAFETY: sets who is told of input.
    println!("have signals sent: {}", outcome(called(libc::c_long::from(unsafe { libc::fcntl(0, libc::F_SETOWN, libc::getppid()) }))));
    println!("start a thread: {}", outcome(std::thread::Builder::new().spawn(|| 1)));
    println!("variables: {}", std::env::vars_os().count());
    let descriptors: Vec<i32> = (3..64).filter(|file| is_open(*file)).collect();
    println!("descriptors: {descriptors:?}");
    println!("take 1 GiB: {}", if Vec::<u8>::new().try_reserve_exact(1 << 30).is_ok() { "done" } else { "refused" });
    println!("take 1 MiB: {}", if Vec::<u8>::new().try_reserve_exact(1 << 20).is_ok() { "done" } else { "refused" });
    println!("end");
    std::process::exit(0);
}

fn is_open(file: i32) -> bool {
    // SAFETY: asks for a flag.
    unsafe { libc::fcntl(file, libc::F_GETFD) >= 0 }
}

/// The lines of a probe.
fn probed(port: u16, file: &str, threads: &str) -> Vec<String> {
    let program = ChildProgram::at(std::env::current_exe().unwrap_or_default());
    let args = ["child::confine::tests::probe", "--ignored", "--nocapture"];
    let patience = Patience { until: Instant::now() + Duration::from_secs(60), cancel: Cancel::default() };
    let mut said = Vec::new();
    let talk = Process::start(&program, "--exact", args, Vec::new()).map(|mut process| {
        let _ = process.write_all(format!("{port} {file} {threads}\n").as_bytes(), &patience);
        let mut piece = [0; 4096];
        while let Ok(count @ 1..) = process.read(&mut piece, &patience) {
            said.extend_from_slice(&piece[..count]);
        }
        process.end().map(|end| end.to_string())
    });
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.ends_with("end\n"), "{talk:?}: {said}");
    // The test harness says something first.
    said.lines().skip_while(|line| *line != BEGIN).skip(1).map(str::to_owned).collect()
}

#[test]
fn a_confined_process_can_do_nothing_but_compute_and_talk() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let credentials = folder.path().join("credentials");
    std::fs::write(&credentials, "secret")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    let file = credentials.to_str().unwrap_or_default();
    // This process can do all of it.
    for (name, outcome) in forbidden(port, file) {
        assert_eq!(outcome, "done", "{name}");
    }
    // An open file that somebody forgot to close at an exec.
    let leaked = File::open(&credentials)?;
    rustix::io::fcntl_setfd(&leaked, rustix::io::FdFlags::empty())?;

    for threads in ["", "threads"] {
        let said = probed(port, file, threads);
        let refused = libc::EPERM.to_string();
        let (attempts, rest) = said.split_at(forbidden(0, "/").len() + calls().len());
        for attempt in attempts {
            assert_eq!(attempt.rsplit(' ').next(), Some(refused.as_str()), "{attempt}");
        }
        let thread = if threads.is_empty() { "start a thread: 1" } else { "start a thread: done" };
        let others = ["fork: 1", "have signals sent: 1", thread, "variables: 0", "descriptors: []", "take 1 GiB: refused", "take 1 MiB: done", "end"];
        assert_eq!(rest, others);
    }
    Ok(())
}
