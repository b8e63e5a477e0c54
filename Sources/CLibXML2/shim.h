#include <libxml/xmlversion.h>

// Debian's libxml2 is built with ICU and names its types here, which are not those of Foundation's own ICU. Nothing of
// them is needed to read HTML.
#undef LIBXML_ICU_ENABLED

#include <libxml/HTMLparser.h>
