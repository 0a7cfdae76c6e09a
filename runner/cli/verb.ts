/** What the program knows of a verb before it is called; its handler is loaded then. */
import type { CommandContext } from './context.js';
import type { OptionName, Options } from './options.js';

type Argument<Text> = Text extends `${string}...${string}`
  ? string[]
  : Text extends `<${string}`
    ? string
    : string | undefined;
type Arguments<Text> = Text extends `${infer First} ${infer Rest}`
  ? [Argument<First>, ...Arguments<Rest>]
  : [Argument<Text>];
type ArgumentsOf<Usage> = Usage extends `${string} ${infer Rest}` ? Arguments<Rest> : [];

type Handler<Usage, Name extends OptionName> = (
  ...call: [...ArgumentsOf<Usage>, Options<Name>, CommandContext]
) => void | Promise<void>;

interface Words<Usage, Name> {
  /** Its name and arguments: `note <cell> <text>`. */
  usage: Usage;
  /** In the list of all verbs. */
  summary: string;
  description: string;
  /** Said before the examples. */
  explain?(): Promise<string>;
  examples: readonly string[];
  options: readonly Name[];
}

export interface Verb extends Words<string, OptionName> {
  /** The handler: takes the arguments, the options, the context. */
  load(): Promise<(...call: never) => void | Promise<void>>;
}

/** The compiler checks that the handler takes no other arguments and options than those named here. */
export type Define = <const Usage extends string, const Name extends OptionName = never>(
  definition: Words<Usage, Name> & { load(): Promise<Handler<NoInfer<Usage>, NoInfer<Name>>> },
) => Verb;
