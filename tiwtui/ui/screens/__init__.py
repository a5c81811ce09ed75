"""The main screen, and what opens on top of it.

The main screen is one class made in storeys, each a module that adds one thing and knows none above it. From
the ground up:

    drawing     a screen that is drawn once when it opens
    meaning     which tasks a key means, the marked ones or the selected one; what is said in passing
    tasks       what is done to those: add, label, check; pause and budget
    copying     their URLs and every other form, to the clipboard or the copy sheet
    looking     the detail of the task the cursor rests on; what counts as seen and as attended
    list        the list as the engine changes it; its tab, filter and order
    removed     the removed tasks in its place, where the filter asks for them
    removing    tasks off the watch list, and back as they were
    choosing    marking; typing the filter; sorting; the columns
    placing     where list and detail are, and which has the focus
    main        the lines around them, the way back, help, quit

On top of it open dialogs (`add`, `columns`, `confirm`, `copy_as`, `help`, `sheet`; each a `dialog`) and the
`diagnostics`.
"""
