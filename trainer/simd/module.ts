import { type Code, type Local, unsignedLeb, type ValueType } from './code.js';

const typeCodes: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** The function being assembled: hands out its parameters (first) and its local variables. */
export class FunctionAssembler {
  readonly parameters: ValueType[] = [];
  readonly locals: ValueType[] = [];

  parameter(type: ValueType = 'i32'): Local {
    if (this.locals.length > 0) throw new Error('parameters come before local variables');
    this.parameters.push(type);
    return local(type, this.parameters.length - 1);
  }

  local(type: ValueType = 'i32'): Local {
    this.locals.push(type);
    return local(type, this.parameters.length + this.locals.length - 1);
  }
}

function local(type: ValueType, index: number): Local {
  const place = unsignedLeb(index);
  return { type, get: [0x20, ...place], set: value => [...value, 0x21, ...place] };
}

/** Assembles the body of an exported function without result. */
export type Routine = (assemble: FunctionAssembler) => Code;

const sized = (bytes: Code): number[] => [...unsignedLeb(bytes.length), ...bytes];
const vector = (items: Code[]): number[] => [...unsignedLeb(items.length), ...items.flat()];
const section = (id: number, content: Code): number[] => [id, ...sized(content)];
const name = (text: string): number[] => sized([...Buffer.from(text)]);

/** A module that exports the routines by their names and imports its memory as `host.memory`. */
export function assembleModule(routines: Record<string, Routine>): Uint8Array<ArrayBuffer> {
  const functions = Object.entries(routines).map(([exported, routine]) => {
    const assembler = new FunctionAssembler();
    const body = routine(assembler);
    return { exported, body, parameters: assembler.parameters, locals: assembler.locals };
  });
  const types = functions.map(({ parameters }) => [
    0x60,
    ...vector(parameters.map(type => [typeCodes[type]])),
    0,
  ]);
  const code = functions.map(({ body, locals }) =>
    sized([...vector(locals.map(type => [1, typeCodes[type]])), ...body, 0x0b]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([[...name('host'), ...name('memory'), 0x02, 0x00, 0x00]])),
    ...section(3, vector(functions.map((_, index) => unsignedLeb(index)))),
    ...section(
      7,
      vector(functions.map(({ exported }, index) => [...name(exported), 0, ...unsignedLeb(index)])),
    ),
    ...section(10, vector(code)),
  ]);
}
