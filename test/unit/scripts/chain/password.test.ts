import { PassThrough } from "node:stream";

import { expect } from "chai";

import { SecretError } from "../../../../scripts/lib/chain/errors";
import { askPassword } from "../../../../scripts/lib/chain/password";
import { rejectionOf } from "../../../helpers/sdk/thrownBy";

describe("askPassword", function () {
  /** Types these keys, one chunk after the other. */
  async function type(...chunks: readonly string[]) {
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => modes.push(mode) });
    const shown: string[] = [];
    const output = { write: (text: string | Uint8Array) => shown.push(String(text)) > 0 };
    const password = askPassword("Password: ", input, output);
    for (const chunk of chunks) input.write(chunk);
    const settled = await password.then(
      (value) => ({ value, error: undefined }),
      (error: unknown) => ({ value: undefined, error }),
    );
    return { ...settled, modes, shown: shown.join("") };
  }

  it("returns what was typed and shows none of it", async () => {
    const { value, shown, modes } = await type("se", "cret", "\r");
    expect(value).to.equal("secret");
    expect(shown).to.equal("Password: \n");
    expect(modes).to.deep.equal([true, false]);
  });

  it("takes a password that is pasted with its line's end", async () => {
    expect((await type("secret\nrest")).value).to.equal("secret");
  });

  it("takes back a key with backspace", async () => {
    expect((await type("sx\u007fecr", "ü\bet\r")).value).to.equal("secret");
  });

  it("leaves spaces where they are", async () => {
    expect((await type(" se cret \r")).value).to.equal(" se cret ");
  });

  it("gives up at Ctrl-C and shows the keys again", async () => {
    const { error, modes } = await type("sec", "\u0003");
    expect(error).to.be.instanceOf(SecretError);
    expect(modes).to.deep.equal([true, false]);
  });

  it("says what to do where there is no terminal", async () => {
    const error = await rejectionOf(askPassword("Password: ", new PassThrough(), { write: () => true }));
    expect(error)
      .to.be.instanceOf(SecretError)
      .and.to.have.property(
        "message",
        "Variable --password-variable is needed: there is no terminal on which to ask for the password.",
      );
  });
});
