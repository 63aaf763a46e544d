//! Running plugins in processes of their own.
//!
//! The sandbox keeps a plugin from everything. Should one ever break out of it, it would stand in the process that holds the credentials of buckets. So the whole life of a component, from the
//! reading of its machine code on, can be had in a child that has nothing: no credentials, no network, no file ([`crate::child`]). What breaks out there finds pipes.
//!
//! The parts, in the order in which a block of tasks passes them:
//!
//! * [`pool`]: the children of a conversion, one for each instance that runs at a time. They share the counters of its limits, so these are as exact as in one process.
//! * [`relay`]: the parent's side of a run. It hands out tasks and assets, and takes files. Everything that comes from the child is checked again, as if the child were an enemy: paths, limits,
//!   numbers of files, lengths, and the words that people will read.
//! * [`wire`]: what is said, as bytes.
//! * [`worker`]: the child. It runs the same code as a run in this process does, with a feed, an output and assets that lie behind the pipe.

mod counters;
mod pool;
mod relay;
mod wire;
mod worker;

pub(crate) use pool::Workers;
pub(crate) use wire::NotDescribed;
pub(crate) use worker::serve;
