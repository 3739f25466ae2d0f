import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/Badge.css';
import '@mantine/core/styles/Code.css';
import '@mantine/core/styles/Group.css';
import '@mantine/core/styles/SimpleGrid.css';
import '@mantine/core/styles/Stack.css';
import '@mantine/core/styles/Table.css';
import '@mantine/core/styles/Text.css';
import '@mantine/core/styles/Title.css';
import '@mantine/core/styles/Container.css';
import '../app/page.css';
import { Container, MantineProvider, Stack, Text } from '@mantine/core';
import { createRoot } from 'react-dom/client';
import type { components } from '../api/schema';
import { theme, variables } from '../app/theme';
import { DocumentOf } from '../findings/Document';

// A report that is a file of its own: the page's own components, and the document that
// is in the file.
const shown = JSON.parse(document.getElementById('document')!.textContent!) as components['schemas']['ReportDocument'];

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto">
    <Container component="main" size={980} py="lg">
      <Stack gap="md">
        <DocumentOf
          document={shown}
          about={
            <Text size="sm" c="dimmed">
              plumb
            </Text>
          }
        />
      </Stack>
    </Container>
  </MantineProvider>,
);
