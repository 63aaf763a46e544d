// The look at a component before it is compiled: any bytes, and components of every shape.


use ango_runtime::scan;

fuzz_target!(|bytes: &[u8]| {
    let _ = scan(bytes);
    // Behind a right beginning more of them are read.
    for header in [&b"\0asm\x0d\0\x01\0"[..], b"\0asm\x01\0\0\0"] {
        let _ = scan(&[header, bytes].concat());
    }
});
