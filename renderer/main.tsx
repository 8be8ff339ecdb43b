import { createRoot } from 'react-dom/client'
import { startTheme } from './app/theme'
import { Window } from './app/window'
import { createConnection } from './host'
import './styles/index.css'

startTheme()
const root = document.getElementById('root')
if (root) createRoot(root).render(<Window bridge={window.drydock} connection={createConnection(window.drydock)} />)
