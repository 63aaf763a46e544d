//! A child, seen by its parent.

use super::ChildProgram;
use crate::shared::Cancel;
use crate::stderr::printable;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{FdFlags, fcntl_setfd, ioctl_fionbio};
#[cfg(target_os = "linux")]
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use std::ffi::OsStr;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Between two looks at whether the parent should go on waiting: what a cancelled run lasts longer, at most.
const LOOK: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };
/// How long a child that closed its output may take to end.
const GRACE: Duration = Duration::from_secs(5);
/// Bytes that a pipe holds: the most that Linux gives to everybody.
#[cfg(target_os = "linux")]
const PIPE: libc::c_int = 1 << 20;
/// Bytes of its stderr that are shown.
const SHOWN: usize = 2 << 10;

/// How long a parent waits.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    pub(crate) until: Instant,
    pub(crate) cancel: Cancel,
}

/// Why a parent and a child talk no longer.
#[derive(Debug)]
pub(crate) enum Broken {
    /// It took too long.
    TimeOut,
    /// Somebody stopped it.
    Cancelled,
    /// The child closed its end.
    Closed,
    /// The system failed.
    Io(io::Error),
}

impl Patience {
    fn check(&self) -> Result<(), Broken> {
        if self.cancel.is_cancelled() {
            return Err(Broken::Cancelled);
        }
        if Instant::now() >= self.until { Err(Broken::TimeOut) } else { Ok(()) }
    }

    fn wait(&self, fd: impl AsFd, what: PollFlags) -> Result<(), Broken> {
        loop {
            self.check()?;
            match poll(&mut [PollFd::new(&fd, what)], Some(&LOOK)) {
                Ok(0) => {}
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(Broken::Io(error.into())),
            }
        }
    }
}

/// How a child ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) status: ExitStatus,
    /// The last of its stderr, safe to show.
    pub(crate) stderr: String,
}

impl std::fmt::Display for End {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.status.signal(), self.status.code()) {
            (Some(signal), _) => write!(f, "signal {signal}")?,
            (None, code) => write!(f, "status {}", code.unwrap_or(-1))?,
        }
        if !self.stderr.is_empty() {
            write!(f, ": {}", self.stderr)?;
        }
        Ok(())
    }
}

/// A child and its pipes. Killed when dropped.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
    stderr: ChildStderr,
}

impl Process {
    /// Starts a child. It inherits its pipes and the descriptors in `inherited`, by their numbers.
    pub(crate) fn start(
        program: &ChildProgram,
        role: &str,
        args: impl IntoIterator<Item = impl AsRef<OsStr>>,
        inherited: Vec<OwnedFd>,
    ) -> io::Result<Self> {
        let mut command = Command::new(program.path());
        command.arg0("ango-export").arg(role).args(args).env_clear().current_dir("/");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C is for the parent, which then says what becomes of the child.
        command.process_group(0);
        let mut child = spawn(command, inherited)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else { return Err(io::Error::other("a child without pipes")) };
        // Only the parent's ends: the two ends of a pipe are files of their own.
        ioctl_fionbio(&stdin, true)?;
        ioctl_fionbio(&stdout, true)?;
        ioctl_fionbio(&stderr, true)?;
        widen(&stdin);
        widen(&stdout);
        Ok(Self { child, stdin: Some(stdin), stdout, stderr })
    }

    /// Reads what is there, or waits for something; 0 when the child has closed its output.
    pub(crate) fn read(&mut self, buffer: &mut [u8], patience: &Patience) -> Result<usize, Broken> {
        // Also when there always is something.
        patience.check()?;
        loop {
            match self.stdout.read(buffer) {
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => patience.wait(&self.stdout, PollFlags::IN)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(Broken::Io(error)),
            }
        }
    }

    /// Writes everything.
    pub(crate) fn write_all(&mut self, mut bytes: &[u8], patience: &Patience) -> Result<(), Broken> {
        let Some(stdin) = &mut self.stdin else { return Err(Broken::Closed) };
        while !bytes.is_empty() {
            match stdin.write(bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => patience.wait(&*stdin, PollFlags::OUT)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Err(Broken::Closed),
                Err(error) => return Err(Broken::Io(error)),
            }
        }
        Ok(())
    }

    /// Lets the child have so many bytes of memory that it can write to. Once confined it cannot let itself have more: the filter refuses the call.
    #[cfg(target_os = "linux")]
    pub(crate) fn limit_memory(&self, bytes: u64) -> io::Result<()> {
        // Never more than this process may have itself, which the child inherited.
        let own = getrlimit(Resource::Data);
        let limit = Rlimit { current: Some(own.current.map_or(bytes, |own| own.min(bytes))), maximum: own.maximum };
        prlimit(Some(Pid::from_child(&self.child)), Resource::Data, limit)?;
        Ok(())
    }

    /// Says that nothing more is written.
    pub(crate) fn close_input(&mut self) {
        self.stdin = None;
    }

    /// Waits for a child that has nothing more to say, and kills it when it takes its time.
    pub(crate) fn end(mut self) -> io::Result<End> {
        self.stdin = None;
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if started.elapsed() > GRACE {
                self.child.kill()?;
                break self.child.wait()?;
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let mut stderr = Vec::new();
        // What does not fit into the pipe, nobody wrote.
        let _ = self.stderr.read_to_end(&mut stderr);
        let tail = &stderr[stderr.len().saturating_sub(SHOWN)..];
        Ok(End { status, stderr: printable(String::from_utf8_lossy(tail).trim()) })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets a pipe hold more, where the system allows it: a block of tasks then passes in a few steps and not in fifty.
fn widen(pipe: &impl AsRawFd) {
    #[cfg(target_os = "linux")]
    // SAFETY: sets a number of a descriptor that is open. A refusal changes nothing.
    unsafe {
        libc::fcntl(pipe.as_raw_fd(), libc::F_SETPIPE_SZ, PIPE);
    }
    #[cfg(not(target_os = "linux"))]
    let _ = pipe;
}

/// A child to start, and whom to give it to.
struct Order {
    command: Command,
    inherited: Vec<OwnedFd>,
    reply: Sender<io::Result<Child>>,
}

/// Starts a child from a thread that lives as long as this process: a child that is to die with its parent dies with the thread that started it.
fn spawn(command: Command, inherited: Vec<OwnedFd>) -> io::Result<Child> {
    static STARTER: OnceLock<Mutex<Sender<Order>>> = OnceLock::new();
    let starter = STARTER.get_or_init(|| {
        let (sender, orders) = channel::<Order>();
        let start_all = move || {
            for Order { mut command, inherited, reply } in orders {
                let mut start = || {
                    // For a moment any other child would inherit them too; there is nothing in them that it must not see.
                    inherited.iter().try_for_each(|file| fcntl_setfd(file, FdFlags::empty()))?;
                    command.spawn()
                };
                let _ = reply.send(start());
            }
        };
        // Without the thread nobody takes orders, which whoever gives one is told.
        let _ = std::thread::Builder::new().name("starts children".into()).spawn(start_all);
        Mutex::new(sender)
    });
    let (reply, answer) = channel();
    let gone = |_| io::Error::other("the thread that starts children is gone");
    starter.lock().unwrap_or_else(PoisonError::into_inner).send(Order { command, inherited, reply }).map_err(|_| gone(()))?;
    answer.recv().map_err(|_| gone(()))?
}
