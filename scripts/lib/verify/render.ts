/** A verification as a person reads it. */
import type { Submission } from "./submit";
import type { Verification } from "./verifyNetwork";

const columns = ["chain", "contract", "what", "expected", "found"] as const;

/** The findings as a table, the notes, and how many things were compared. */
export function renderVerification({ findings, notes, compared, blocks }: Verification): string {
  const rows = findings.map(({ chain, contract, item, expected, found }) => [chain, contract, item, expected, found]);
  const table = findings.length === 0 ? [] : [...renderTable([[...columns], ...rows]), ""];
  const told = notes.length === 0 ? [] : ["Notes", ...notes.map((note) => `  ${note}`), ""];
  const verdict =
    findings.length === 0 ? "none differs" : `${findings.length} ${findings.length === 1 ? "differs" : "differ"}`;
  const last = `${compared} things compared at block ${blocks.l1} of l1 and ${blocks.l2} of l2: ${verdict}`;
  return [...table, ...told, last].join("\n");
}

/** What the explorers said, a line each. */
export function renderSubmissions(submissions: readonly Submission[]): string {
  const rows = submissions.map(({ chain, contract, address, type, message }) => {
    const said = { verified: "verified", alreadyVerified: "verified already", failed: "failed" }[type];
    return [chain, contract, address, said, message];
  });
  return renderTable([["chain", "contract", "address", "explorer", "message"], ...rows]).join("\n");
}

function renderTable(rows: readonly (readonly string[])[]): readonly string[] {
  const [first = []] = rows;
  const widths = first.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
