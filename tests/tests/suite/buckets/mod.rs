//! Buckets: one suite that a local folder, S3, Google and Azure go through, each at a real server behind a proxy that does what networks and busy servers do.

mod faults;
mod leftovers;
mod links;
mod objects;
mod place;
mod programs;
mod refused;
mod secrets;

/// Makes a test of each function, at every provider.
macro_rules! everywhere {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            use crate::buckets::place::Place;

            #[test]
            fn local() {
                super::$test(&mut Place::local());
            }

            #[test]
            fn s3() {
                super::$test(&mut Place::s3());
            }

            #[test]
            fn google() {
                super::$test(&mut Place::google());
            }

            #[test]
            fn azure() {
                super::$test(&mut Place::azure());
            }
        }
    )*};
}

/// The same at every provider that is reached by a network.
macro_rules! everywhere_far {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            use crate::buckets::place::Place;

            #[test]
            fn s3() {
                super::$test(&mut Place::s3());
            }

            #[test]
            fn google() {
                super::$test(&mut Place::google());
            }

            #[test]
            fn azure() {
                super::$test(&mut Place::azure());
            }
        }
    )*};
}

use {everywhere, everywhere_far};
