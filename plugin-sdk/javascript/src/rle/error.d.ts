/** Why there is no mask. `code` is `image-size`, `coordinate`, `too-complex` or `malformed`. */
export class RleError extends Error {
    /** The image has no pixels, or more than run lengths of 32 bits can count. */
    static imageSize(): RleError;
    /** A coordinate is not finite or further than ten million pixels away. */
    static coordinate(): RleError;
    /** The outline winds through the image more often than four million times. */
    static tooComplex(): RleError;
    /** A compressed text that does not add up to the image. */
    static malformed(): RleError;
    /**
     * @param {'image-size' | 'coordinate' | 'too-complex' | 'malformed'} code
     * @param {string} message
     */
    constructor(code: "image-size" | "coordinate" | "too-complex" | "malformed", message: string);
    code: "image-size" | "coordinate" | "too-complex" | "malformed";
}
