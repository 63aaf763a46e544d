//! Addresses that may be connected to.
//!
//! A URL that a stranger wrote can name a machine of our own network, by its address, by a name of that network, or by a public name that resolves to such an address,
//! perhaps only the second time that somebody asks. So names are resolved here, once, and the connection is made to what was looked at.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};

/// Whether an address is of the public internet: not of this machine, of a private network, of a link, of a provider's inner network, for several or for no machines, nor
/// one that is such an address in disguise.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// By IANA's registry of special-purpose addresses.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = match (a, b, c) {
        (0 | 10 | 127, ..) => true,                // this network, private, loopback
        (100, 64..=127, _) => true,                // a provider's inner network
        (169, 254, _) => true,                     // link; clouds give out credentials there
        (172, 16..=31, _) | (192, 168, _) => true, // private
        (192, 0, 0) | (192, 0, 2) => true,         // protocols, documentation
        (192, 88, 99) => true,                     // relays to IPv6
        (198, 18..=19, _) => true,                 // benchmarks
        (198, 51, 100) | (203, 0, 113) => true,    // documentation
        (224..=255, ..) => true,                   // several machines, reserved, all machines
        _ => false,
    };
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        // An IPv4 address in disguise (mapped, compatible, translated): what counts is that one. Unspecified and loopback are among them.
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(v4(high, low)),
        [0x64, 0xff9b, 1, ..] => false,
        // 6to4 carries one inside, Teredo one that is scrambled.
        [0x2002, high, low, ..] => is_public_v4(v4(high, low)),
        [0x2001, 0..=0x1ff, ..] => false,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false, // documentation
        // Everything that is given out to anybody begins with 001.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// A name resolves to addresses that may not be connected to.
#[derive(Debug, thiserror::Error)]
#[error("its address is not one of the public internet")]
pub(crate) struct NotPublic;

/// Resolves names to public addresses.
#[derive(Debug)]
pub(crate) struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let name = name.as_str().to_owned();
            let found = tokio::task::spawn_blocking(move || (name.as_str(), 0).to_socket_addrs().map(Vec::from_iter)).await??;
            let public: Vec<SocketAddr> = found.iter().copied().filter(|address| is_public(address.ip())).collect();
            // A name of both kinds is one of a network that is nobody's business.
            if public.len() < found.len() { Err(NotPublic.into()) } else { Ok(Box::new(public.into_iter()) as Addrs) }
        })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().expect(text))
    }

    #[test]
    fn addresses_of_the_public_internet() {
        for text in
            ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.167.0.1", "198.20.0.1", "223.255.255.255"]
        {
            assert!(public(text), "{text}");
            assert!(public(&format!("::ffff:{text}")), "{text}");
            assert!(public(&format!("64:ff9b::{text}")), "{text}");
        }
        for text in ["2606:4700:4700::1111", "2a00:1450:4001:80b::200e", "2002:0808:0808::1"] {
            assert!(public(text), "{text}");
        }
    }

    #[test]
    fn addresses_of_anything_else() {
        let v4 = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
        ];
        for text in v4 {
            assert!(!public(text), "{text}");
            let [a, b, c, d] = text.parse::<Ipv4Addr>().expect(text).octets();
            let six = format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1");
            for disguised in [format!("::ffff:{text}"), format!("64:ff9b::{text}"), format!("::{text}"), six] {
                assert!(!public(&disguised), "{disguised}");
            }
        }
        for text in [
            "::",
            "::1",
            "fe80::1",
            "febf::1",
            "fec0::1",
            "fc00::1",
            "fd12:3456::1",
            "ff02::1",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "64:ff9b:1::1",
            "100::1",
            "5f00::1",
            "4000::1",
        ] {
            assert!(!public(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_the_standard_library_calls_special_is_not_public(bits in any::<u32>()) {
            let address = Ipv4Addr::from(bits);
            let is_special = address.is_private() || address.is_loopback() || address.is_link_local() || address.is_multicast() || address.is_broadcast()
                || address.is_documentation() || address.is_unspecified();
            prop_assert!(!(is_special && is_public(address.into())));
        }

        #[test]
        fn the_same_of_long_addresses(bits in any::<u128>(), prefix in prop_oneof![Just(0_u16), Just(0xfe80), Just(0xfc00), Just(0xfd00), Just(0xff02), Just(0x2001)]) {
            let address = Ipv6Addr::from((bits >> 16) | (u128::from(prefix) << 112));
            let is_special = address.is_loopback() || address.is_unspecified() || address.is_multicast() || address.is_unique_local() || address.is_unicast_link_local();
            prop_assert!(!(is_special && is_public(address.into())));
        }
    }
}
