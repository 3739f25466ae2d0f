// A Tree is rows that a server has, of which only those that are looked at are here:
// listings of any length, each row of which may have a listing below it.

export interface Rows<Row> {
  total: number;
  rows: Row[];
}

export interface Order {
  sort?: string;
  desc?: boolean;
}

// Fetch asks for rows of a listing: the one below the last of the rows above, or the
// outermost when there are none.
export type Fetch<Row> = (above: Row[], window: { offset: number; limit: number } & Order) => Promise<Rows<Row>>;

const chunk = 100;

class Listing<Row> {
  total: number | undefined;
  error: Error | undefined;
  readonly below = new Map<number, Listing<Row>>();
  private readonly chunks = new Map<number, Row[] | 'asked'>();

  constructor(
    readonly above: Row[],
    readonly depth: number,
  ) {}

  // size is how many rows are visible, with those of opened listings. A listing whose
  // length is not known has one row, which says so.
  get size(): number {
    let n = this.total ?? 1;
    for (const l of this.below.values()) n += l.size;
    return n;
  }

  row(i: number, tree: Tree<Row>): Row | undefined {
    const n = Math.floor(i / chunk);
    const rows = this.chunks.get(n);
    if (rows === undefined) tree.ask(this, n);
    return Array.isArray(rows) ? rows[i % chunk] : undefined;
  }

  asked(n: number) {
    this.chunks.set(n, 'asked');
  }

  came(n: number, { total, rows }: Rows<Row>) {
    this.total = total;
    this.chunks.set(n, rows);
  }
}

// A Line is a visible row, or the place of one that is on its way.
export interface Line<Row> {
  row?: Row;
  above: Row[];
  depth: number;
  at: number; // position in its listing
  of: number; // length of its listing
  open: boolean;
  error?: Error;
  listing: unknown;
}

export class Tree<Row> {
  private root: Listing<Row>;

  constructor(
    private readonly fetch: Fetch<Row>,
    private readonly order: Order,
    private readonly changed: () => void,
    // unfold says of the first row of a listing whether it opens by itself.
    private readonly unfold: (row: Row, depth: number) => boolean = () => false,
  ) {
    this.root = new Listing<Row>([], 1);
    this.ask(this.root, 0);
  }

  get size(): number {
    return this.root.size;
  }

  get total(): number | undefined {
    return this.root.total;
  }

  get error(): Error | undefined {
    return this.root.error;
  }

  ask(listing: Listing<Row>, n: number) {
    listing.asked(n);
    this.fetch(listing.above, { offset: n * chunk, limit: chunk, ...this.order }).then(
      (rows) => {
        listing.came(n, rows);
        const first = rows.rows[0];
        if (n === 0 && first !== undefined && this.unfold(first, listing.depth)) this.open(listing, 0, first);
        this.changed();
      },
      (error: Error) => {
        listing.error = error;
        this.changed();
      },
    );
  }

  // line is the visible row at a position.
  line(i: number): Line<Row> {
    let listing = this.root;
    for (;;) {
      let at = i;
      let inside: Listing<Row> | undefined;
      for (const [position, below] of [...listing.below].sort((a, b) => a[0] - b[0])) {
        if (at <= position) break;
        if (at <= position + below.size) {
          inside = below;
          i = at - position - 1;
          break;
        }
        at -= below.size;
      }
      if (inside) {
        listing = inside;
        continue;
      }
      const row = listing.error ? undefined : listing.row(at, this);
      return { row, above: listing.above, depth: listing.depth, at, of: listing.total ?? 0, open: listing.below.has(at), error: listing.error, listing };
    }
  }

  // toggle opens or closes the row of a line.
  toggle(line: Line<Row>) {
    const listing = line.listing as Listing<Row>;
    if (listing.below.has(line.at)) listing.below.delete(line.at);
    else if (line.row) this.open(listing, line.at, line.row);
    this.changed();
  }

  private open(listing: Listing<Row>, at: number, row: Row) {
    const below = new Listing<Row>([...listing.above, row], listing.depth + 1);
    listing.below.set(at, below);
    this.ask(below, 0);
  }
}
