//! The system calls of a confined process.

use seccompiler::{BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule, apply_filter};
use std::collections::BTreeMap;

/// Calls that are allowed whatever their arguments. None of them takes a path or an address of a socket.
const ALLOWED: [libc::c_long; 39] = [
    // What was opened before.
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_ppoll,
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_write,
    libc::SYS_writev,
    // Memory.
    libc::SYS_brk,
    libc::SYS_ftruncate,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Time, and waiting for threads.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_futex,
    libc::SYS_getcpu,
    libc::SYS_gettimeofday,
    libc::SYS_membarrier,
    libc::SYS_nanosleep,
    libc::SYS_restart_syscall,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    // Signals of its own: the sandbox is told of a guest's faults by them.
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    // The rest that every program does.
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_rseq,
    libc::SYS_set_robust_list,
    libc::SYS_set_tid_address,
    libc::SYS_uname,
];

/// What old architectures have twice.
#[cfg(target_arch = "x86_64")]
const ALLOWED_HERE: [libc::c_long; 2] = [libc::SYS_poll, libc::SYS_time];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_HERE: [libc::c_long; 0] = [];

/// What may be asked of and set for a descriptor. Not among it: to let signals be sent when something can be read, which reaches other processes.
const FCNTL: [libc::c_int; 6] = [libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC, libc::F_ADD_SEALS, libc::F_GET_SEALS];

/// Flags of a new thread, which together make it one and not a process.
const THREAD: libc::c_int = libc::CLONE_VM | libc::CLONE_THREAD | libc::CLONE_SIGHAND;

/// Installs the filter for this thread and those that it starts.
pub(super) fn install(threads: bool, memory_files: bool) -> Result<(), String> {
    let build = || -> Result<_, seccompiler::BackendError> {
        // Refused as calls that do not exist, so that libraries do without: the flags of `clone3` are out of a filter's sight, and there is an older call for threads.
        let mut unknown = vec![(libc::SYS_clone3, Vec::new())];
        if !memory_files {
            unknown.push((libc::SYS_memfd_create, Vec::new()));
        }
        Ok([program(unknown, SeccompAction::Allow, errno(libc::ENOSYS))?, program(allowed(threads)?, errno(libc::EPERM), SeccompAction::Allow)?])
    };
    // The one that refuses nearly everything comes last: it would refuse the other one.
    for filter in build().map_err(|error| format!("filter of system calls: {error}"))? {
        apply_filter(&filter).map_err(|error| format!("filter of system calls: {error}"))?;
    }
    Ok(())
}

fn errno(error: libc::c_int) -> SeccompAction {
    SeccompAction::Errno(error.unsigned_abs())
}

type Rules = Vec<(libc::c_long, Vec<SeccompRule>)>;

fn program(rules: Rules, otherwise: SeccompAction, listed: SeccompAction) -> Result<BpfProgram, seccompiler::BackendError> {
    let rules: BTreeMap<i64, Vec<SeccompRule>> = rules.into_iter().collect();
    SeccompFilter::new(rules, otherwise, listed, std::env::consts::ARCH.try_into()?)?.try_into()
}

fn allowed(threads: bool) -> Result<Rules, seccompiler::BackendError> {
    let is = |argument: u8, size: SeccompCmpArgLen, value: u64| SeccompCondition::new(argument, size, SeccompCmpOp::Eq, value);
    // Numbers that the kernel takes as `int`.
    let is_int = |argument: u8, value: libc::c_int| is(argument, SeccompCmpArgLen::Dword, u64::from(value.unsigned_abs()));
    let mut rules: Rules = ALLOWED.into_iter().chain(ALLOWED_HERE).map(|call| (call, Vec::new())).collect();
    // Those that the other filter refuses in its own way, when it does.
    rules.extend([(libc::SYS_clone3, Vec::new()), (libc::SYS_memfd_create, Vec::new())]);
    let own = is(0, SeccompCmpArgLen::Dword, u64::from(std::process::id()))?;
    rules.push((libc::SYS_tgkill, vec![SeccompRule::new(vec![own])?]));
    // To ask for its own limits, and not to set them, or anybody else's.
    rules.push((libc::SYS_prlimit64, vec![SeccompRule::new(vec![is_int(0, 0)?, is(2, SeccompCmpArgLen::Qword, 0)?])?]));
    rules.push((libc::SYS_fcntl, FCNTL.into_iter().map(|command| SeccompRule::new(vec![is_int(1, command)?])).collect::<Result<_, _>>()?));
    if threads {
        let flags = u64::from(THREAD.unsigned_abs());
        let makes_a_thread = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(flags), flags)?;
        rules.push((libc::SYS_clone, vec![SeccompRule::new(vec![makes_a_thread])?]));
        rules.push((libc::SYS_prctl, vec![SeccompRule::new(vec![is_int(0, libc::PR_SET_NAME)?])?]));
    }
    Ok(rules)
}
