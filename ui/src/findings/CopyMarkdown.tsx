import { Button, CopyButton } from '@mantine/core';

// CopyMarkdown copies a report, for an issue or a chat.
export function CopyMarkdown({ text }: { text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button size="compact-xs" variant="default" onClick={copy}>
          {copied ? 'Copied' : 'Copy as Markdown'}
        </Button>
      )}
    </CopyButton>
  );
}
