/** The file that the Transaction Builder of a Safe imports: one or more calls that its owners then sign. */
import { keccak256, toUtf8Bytes } from "ethers";

/** A call. */
export interface SafeTransaction {
  readonly to: string;
  /** In wei. */
  readonly value: bigint;
  readonly data: string;
}

/** What a batch is about. */
export interface BatchParameters {
  readonly chainId: number;
  /** Unix milliseconds. */
  readonly createdAt: number;
  /** The Safe that it is for. */
  readonly safe: string;
  readonly name: string;
  readonly description: string;
  readonly transactions: readonly SafeTransaction[];
}

/** Format 1.0 of the Transaction Builder: every number of a transaction is a decimal text. */
export interface SafeBatch {
  readonly version: "1.0";
  readonly chainId: string;
  readonly createdAt: number;
  readonly meta: {
    readonly name: string;
    readonly description: string;
    readonly txBuilderVersion: string;
    readonly createdFromSafeAddress: string;
    readonly createdFromOwnerAddress: string;
    readonly checksum: string;
  };
  readonly transactions: readonly {
    readonly to: string;
    readonly value: string;
    readonly data: string;
    readonly contractMethod: null;
    readonly contractInputsValues: null;
  }[];
}

/** The Transaction Builder whose format this is. */
const txBuilderVersion = "1.18.0";

/** Builds the batch. The builder warns where the checksum is not that of the content. */
export function safeBatch(parameters: BatchParameters): SafeBatch {
  const { chainId, createdAt, safe, name, description, transactions } = parameters;
  const meta = { name, description, txBuilderVersion, createdFromSafeAddress: safe, createdFromOwnerAddress: "" };
  const batch = {
    version: "1.0",
    chainId: String(chainId),
    createdAt,
    meta,
    transactions: transactions.map(({ to, value, data }) => ({
      ...{ to, value: String(value), data },
      ...{ contractMethod: null, contractInputsValues: null },
    })),
  } as const;
  return { ...batch, meta: { ...meta, checksum: checksumOf(batch) } };
}

/** The builder's own checksum: of everything but itself and the name, which people may change there. */
export function checksumOf(batch: object & { readonly meta: object }): string {
  const fields = Object.entries(batch.meta).filter(([key]) => key !== "checksum");
  return keccak256(toUtf8Bytes(serialize({ ...batch, meta: { ...Object.fromEntries(fields), name: null } })));
}

/** As the builder writes it for its checksum: the sorted keys of an object, then its values, each with a comma behind. */
function serialize(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialize).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  const keys = JSON.stringify(entries.map(([key]) => key));
  return `{${keys}${entries.map(([, field]) => `${serialize(field)},`).join("")}}`;
}
