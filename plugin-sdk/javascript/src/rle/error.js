/** Why there is no mask. `code` is `image-size`, `coordinate`, `too-complex` or `malformed`. */
export class RleError extends Error {
  /**
   * @param {'image-size' | 'coordinate' | 'too-complex' | 'malformed'} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = 'RleError';
    this.code = code;
  }

  /** The image has no pixels, or more than run lengths of 32 bits can count. */
  static imageSize() {
    return new RleError('image-size', 'image has no pixels or more than 4294967295');
  }

  /** A coordinate is not finite or further than ten million pixels away. */
  static coordinate() {
    return new RleError('coordinate', 'coordinate is not finite or further than 10000000 pixels away');
  }

  /** The outline winds through the image more often than four million times. */
  static tooComplex() {
    return new RleError('too-complex', 'outline crosses pixel columns more often than 4194304 times');
  }

  /** A compressed text that does not add up to the image. */
  static malformed() {
    return new RleError('malformed', 'run lengths do not add up to the image');
  }
}
