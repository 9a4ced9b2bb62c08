#include "CJACK.h"
