/** Files of the converted export, with the buffer that makes writing them cheap. */

/** From this size on what was written goes to the host. The contract names 64 to 256 KiB as the fastest pieces. */
const PIECE = 128 * 1024;
const encoder = new TextEncoder();

/**
 * A file being written: buffered, so that rows can be written in small pieces.
 *
 * Call `finish` at the end; a run that leaves a file without it fails. There are no errors to handle: a host that cannot or must not take the data ends
 * the run.
 */
export class File {
  #host;
  #path;
  #open;
  /** Text that follows on the bytes. */
  #text = '';
  #bytes = new Uint8Array(0);
  #length = 0;

  /**
   * For `Run`, which makes them.
   *
   * @param {{ write(data: Uint8Array): void, finish(): void }} host
   * @param {string} path
   * @param {Map<File, string>} open files that are not finished
   */
  constructor(host, path, open) {
    this.#host = host;
    this.#path = path;
    this.#open = open;
    open.set(this, path);
  }

  /**
   * Appends text, as UTF-8, or bytes.
   *
   * @param {string | Uint8Array} data
   */
  write(data) {
    if (typeof data === 'string') {
      this.#text += data;
      if (this.#text.length >= PIECE) this.#send();
    } else if (data instanceof Uint8Array) {
      this.#writeBytes(data);
    } else {
      throw new TypeError(`file ${this.#path}: write takes a string or a Uint8Array, and was given ${data === null ? 'null' : typeof data}`);
    }
  }

  /** Sends what is left and closes the file. */
  finish() {
    if (!this.#open.delete(this)) throw new Error(`file ${this.#path} is finished already`);
    this.#send();
    this.#host.finish();
  }

  #writeBytes(data) {
    this.#encode();
    if (this.#length + data.length > PIECE) this.#send();
    if (data.length >= PIECE) this.#host.write(data);
    else this.#append(data);
  }

  #encode() {
    if (this.#text === '') return;
    const encoded = encoder.encode(this.#text);
    this.#text = '';
    this.#append(encoded);
  }

  #append(data) {
    if (this.#length + data.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length + data.length, PIECE));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  #send() {
    if (this.#length > 0) {
      this.#encode();
      this.#host.write(this.#bytes.subarray(0, this.#length));
      this.#length = 0;
    } else if (this.#text !== '') {
      // Nothing but text, which most files are: no copy.
      this.#host.write(encoder.encode(this.#text));
      this.#text = '';
    }
  }
}
