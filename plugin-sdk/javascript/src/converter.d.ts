/**
 * A converter, checked: a plugin's module exports it as `default`.
 *
 * @template [Options=any]
 * @param {Converter<Options>} description
 * @returns {Readonly<Converter<Options>>}
 */
export function converter<Options = any>(description: Converter<Options>): Readonly<Converter<Options>>;
/**
 * What `describe` answers.
 *
 * @param {Converter} description
 */
export function describeConverter({ name, version, title, format, optionsSchema, grants, sequential, history }: Converter): {
    name: string;
    version: string;
    title: string;
    format: string;
    optionsSchema: string;
    grants: "assets"[];
    parallelism: string;
    history: boolean;
};
/**
 * Runs a converter.
 *
 * @param {Converter} description
 * @param {string} options JSON
 * @param {import('./host.js').Host} host
 * @returns {Promise<undefined | { tag: 'options', val: { pointer: string, reason: string } } | { tag: 'input' | 'failed', val: string }>} the failure, if it
 *   is one
 */
export function runConverter(description: Converter, options: string, host: import("./host.js").Host): Promise<undefined | {
    tag: "options";
    val: {
        pointer: string;
        reason: string;
    };
} | {
    tag: "input" | "failed";
    val: string;
}>;
/**
 * What a converter is and does.
 */
export type Converter<Options = any> = {
    /**
     * kebab-case, at most 64 characters
     */
    name: string;
    /**
     * semantic
     */
    version: string;
    /**
     * one line for people
     */
    title: string;
    /**
     * the name of the target format
     */
    format: string;
    /**
     * the JSON Schema of the options; none unless given. The host checks options against it and draws a form from it
     */
    optionsSchema?: object;
    /**
     * wanted rights; `assets` is to ask for sizes and bytes of assets
     */
    grants?: readonly "assets"[];
    /**
     * asks for one instance that sees all tasks in order. Slower: such a converter uses one core
     */
    sequential?: boolean;
    /**
     * asks for `task.history`
     */
    history?: boolean;
    /**
     * converts the tasks of a run, or of one shard of it. `options` have the defaults of
     * the schema filled in. It throws only when the run as a whole makes no sense: what cannot be converted of a task is reported with `run.lost` instead.
     * Nothing of a failed run is published
     */
    convert: (options: Options, run: Run) => void | Promise<void>;
};
import { Run } from './run.js';
